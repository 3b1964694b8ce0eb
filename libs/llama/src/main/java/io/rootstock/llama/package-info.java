/**
 * llama.cpp through Panama: models, contexts, batches, samplers and the tokenizer calls of its C API.
 *
 * <p>{@link io.rootstock.llama.Function} is the only registry of native symbols and their signatures. Native memory
 * belongs to the object that allocated it and is freed by its {@code close()}; failures are
 * {@link io.rootstock.llama.LlamaException}s. Scheduling and assembly of text are in the inference service, not here.
 */
package io.rootstock.llama;
