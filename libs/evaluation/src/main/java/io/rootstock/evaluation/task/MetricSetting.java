package io.rootstock.evaluation.task;

import io.rootstock.yaml.YamlText;
import java.util.List;

/**
 * An entry of {@code metric_list}.
 *
 * @param metric metric to compute
 * @param ignoreCase exact_match: compare in lower case
 * @param ignorePunctuation exact_match: remove ASCII punctuation
 * @param ignoreNumbers exact_match: remove ASCII digits
 * @param regexesToIgnore exact_match: Python regular expressions whose matches are removed first
 */
public record MetricSetting(
        Metric metric,
        boolean ignoreCase,
        boolean ignorePunctuation,
        boolean ignoreNumbers,
        List<YamlText> regexesToIgnore) {
    public MetricSetting {
        regexesToIgnore = List.copyOf(regexesToIgnore);
    }

    /** Returns a metric without options. */
    public static MetricSetting of(Metric metric) {
        return new MetricSetting(metric, false, false, false, List.of());
    }
}
