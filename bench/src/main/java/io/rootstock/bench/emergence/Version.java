package io.rootstock.bench.emergence;

/**
 * A model at a number of tokens.
 *
 * @param depth layers
 * @param tokens training tokens
 */
record Version(int depth, long seed, long tokens) {}
