package io.rootstock.bench.serving;

/**
 * Settings of all contenders. The KV cache is F16, as in llama-server.
 *
 * @param slots number of requests decoded at once
 * @param contextLength maximum tokens of a request, prompt and completion
 * @param threads number of threads of a decode
 */
record Setting(int slots, int contextLength, int threads) {}
