package io.rootstock.evaluation.statistic;

/**
 * A metric with its bootstrap error.
 *
 * @param value metric of the rows themselves
 * @param standardError standard deviation over the resamples
 * @param interval percentile interval
 * @param resamples resamples on which the metric is defined
 */
public record Estimate(double value, double standardError, Interval interval, int resamples) {}
