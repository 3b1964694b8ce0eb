package io.rootstock.bench.emergence;

/**
 * A measure of one version.
 *
 * @param rowError standard error over rows
 */
record Value(double value, double rowError) {}
