package io.rootstock.bench.serving;

/**
 * How all contenders are started. Keys and values are in F16, as llama-server keeps them.
 *
 * @param slots texts decoded at once
 * @param contextLength most tokens of a text, prompt and answer
 * @param threads of a decode
 */
record Setting(int slots, int contextLength, int threads) {}
