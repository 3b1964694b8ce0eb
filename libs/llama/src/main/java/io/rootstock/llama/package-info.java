/**
 * llama.cpp through Panama: models, contexts, batches, samplers and the tokenizer calls of its C API.
 *
 * <p>{@link io.rootstock.llama.Function} is the one registry of native symbols and their call shapes. Native memory
 * belongs to the object that allocated it and goes with its {@code close()}; failures are {@link
 * io.rootstock.llama.LlamaException}s. No scheduling and no text assembly lives here: that is the inference service's.
 */
package io.rootstock.llama;
