package io.rootstock.evaluation.statistic;

/**
 * Difference of a metric between two systems on the same rows.
 *
 * @param first metric of the first system
 * @param second metric of the second system
 * @param difference second minus first
 * @param pValue two-sided, above 0, at most 1
 */
public record PairedDifference(double first, double second, Estimate difference, double pValue) {}
