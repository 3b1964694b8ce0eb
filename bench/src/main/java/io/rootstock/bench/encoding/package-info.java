/** Benchmarks of {@code libs/encoding} beside jtokkit, tiktoken and Hugging Face tokenizers. */
package io.rootstock.bench.encoding;
