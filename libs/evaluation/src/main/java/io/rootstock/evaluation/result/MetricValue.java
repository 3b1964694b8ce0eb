package io.rootstock.evaluation.result;

import io.rootstock.evaluation.statistic.Interval;
import java.util.OptionalDouble;

/**
 * Value of a metric over the rows of a task.
 *
 * @param metric name as in the records: {@code METRIC}, or {@code METRIC,PIPELINE}
 * @param value value; NaN where the metric is undefined on the rows
 * @param standardError standard error over rows; NaN for fewer than two rows
 * @param interval interval of 95 %; NaN where the standard error is
 * @param chance expected value of random answers; empty if the metric has none
 * @param higherIsBetter whether a larger value is better
 * @param signature settings that make values comparable
 */
public record MetricValue(
        String metric,
        double value,
        double standardError,
        Interval interval,
        OptionalDouble chance,
        boolean higherIsBetter,
        String signature) {}
