package io.rootstock.evaluation.task.yaml;

import io.rootstock.evaluation.task.FilterPipeline;
import io.rootstock.evaluation.task.FilterStep;
import io.rootstock.evaluation.task.Metric;
import io.rootstock.evaluation.task.MetricSetting;
import io.rootstock.evaluation.task.OutputType;
import io.rootstock.evaluation.task.template.PythonRegex;
import io.rootstock.yaml.Settings;
import io.rootstock.yaml.YamlText;
import io.rootstock.yaml.YamlValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code metric_list} and {@code filter_list}. */
final class MetricListReader {
    private static final Set<String> METRIC_KEYS = Set.of("metric", "aggregation", "higher_is_better");
    private static final Set<String> EXACT_MATCH_KEYS = Set.of(
            "metric",
            "aggregation",
            "higher_is_better",
            "ignore_case",
            "ignore_punctuation",
            "ignore_numbers",
            "regexes_to_ignore");

    private MetricListReader() {}

    static List<MetricSetting> metrics(Settings task, OutputType type) {
        List<YamlValue> entries = task.items("metric_list", false).orElse(List.of());
        if (entries.isEmpty()) {
            task.entry("metric_list").ifPresent(entry -> {
                throw entry.error("'metric_list' is empty", "name a metric, or remove the key for the default metrics");
            });
            return Metric.defaults(type).stream().map(MetricSetting::of).toList();
        }
        List<MetricSetting> metrics = new ArrayList<>();
        for (YamlValue entry : entries) {
            MetricSetting setting = metric(Settings.of("metric_list", entry), type);
            if (metrics.stream().anyMatch(other -> other.metric() == setting.metric())) {
                throw entry.error("metric '" + setting.metric().key() + "' is stated twice", "remove one of the two");
            }
            metrics.add(setting);
        }
        return metrics;
    }

    private static MetricSetting metric(Settings settings, OutputType type) {
        YamlText name = settings.source(settings.required("metric"));
        Metric metric = Metric.of(name.text())
                .filter(known -> known.supports(type))
                .orElseThrow(() -> name.error(
                        "metric '" + name.text() + "' is not supported for " + type.key(),
                        "choose from " + supported(type)));
        settings.requireOnly(
                metric == Metric.EXACT_MATCH ? EXACT_MATCH_KEYS : METRIC_KEYS,
                Map.of("hf_evaluate", "remove it: metrics of the evaluate package are Python code"));
        settings.source("aggregation")
                .filter(aggregation -> !aggregation.text().equals(metric.aggregation()))
                .ifPresent(aggregation -> {
                    throw aggregation.error(
                            "aggregation '" + aggregation.text() + "' of metric '" + metric.key()
                                    + "' is not supported",
                            "write aggregation: " + metric.aggregation());
                });
        if (settings.truth("higher_is_better", metric.higherIsBetter()) != metric.higherIsBetter()) {
            throw settings.required("higher_is_better")
                    .error(
                            "higher_is_better of metric '" + metric.key() + "' is " + !metric.higherIsBetter(),
                            "write higher_is_better: " + metric.higherIsBetter());
        }
        List<YamlText> regexes = settings.texts("regexes_to_ignore", false).orElse(List.of());
        regexes.forEach(PythonRegex::compile);
        return new MetricSetting(
                metric,
                settings.truth("ignore_case", false),
                settings.truth("ignore_punctuation", false),
                settings.truth("ignore_numbers", false),
                regexes);
    }

    private static String supported(OutputType type) {
        return Arrays.stream(Metric.values())
                .filter(metric -> metric.supports(type))
                .map(Metric::key)
                .collect(Collectors.joining(", "));
    }

    static List<FilterPipeline> filters(Settings task, OutputType type) {
        List<YamlValue> entries = task.items("filter_list", false).orElse(List.of());
        if (entries.isEmpty()) {
            return List.of(FilterPipeline.NONE);
        }
        if (type != OutputType.GENERATE_UNTIL) {
            throw task.required("filter_list")
                    .error(
                            "'filter_list' needs output_type: generate_until",
                            "remove it: log-probabilities have no text");
        }
        List<FilterPipeline> pipelines = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (YamlValue entry : entries) {
            Settings settings = Settings.of("filter_list", entry);
            settings.requireOnly(Set.of("name", "filter"), Map.of());
            YamlText name = settings.source(settings.required("name"));
            if (!names.add(name.text())) {
                throw name.error("two filters are named '" + name.text() + "'", "rename one of the two");
            }
            settings.required("filter");
            List<FilterStep> steps = new ArrayList<>();
            for (YamlValue step : settings.items("filter", false).orElseThrow()) {
                steps.add(step(Settings.of("filter", step)));
            }
            pipelines.add(new FilterPipeline(name.text(), steps));
        }
        return pipelines;
    }

    private static FilterStep step(Settings settings) {
        YamlText function = settings.source(settings.required("function"));
        boolean regex = function.text().equals("regex");
        settings.requireOnly(
                regex ? Set.of("function", "regex_pattern", "group_select", "fallback") : Set.of("function"), Map.of());
        return switch (function.text()) {
            case "take_first" -> new FilterStep.TakeFirst();
            case "lowercase" -> new FilterStep.Lowercase();
            case "uppercase" -> new FilterStep.Uppercase();
            case "remove_whitespace" -> new FilterStep.RemoveWhitespace();
            case "regex" -> {
                YamlText pattern = settings.source("regex_pattern")
                        .orElse(new YamlText("#### (\\-?[0-9\\.\\,]+)", function.file(), function.line()));
                PythonRegex.compile(pattern);
                yield new FilterStep.Regex(
                        pattern,
                        settings.integer("group_select", -1000, 1000).orElse(0),
                        settings.text("fallback").orElse("[invalid]"));
            }
            default ->
                throw function.error(
                        "filter '" + function.text() + "' is not supported",
                        "choose from take_first, lowercase, uppercase, remove_whitespace, regex");
        };
    }
}
