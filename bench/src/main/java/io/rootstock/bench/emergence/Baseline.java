package io.rootstock.bench.emergence;

/**
 * A measure without a trained language model.
 *
 * @param name how it is obtained
 */
record Baseline(String name, double value) {}
