/**
 * Tokenizers as files: Hugging Face's {@code tokenizer.json} and {@code tokenizer_config.json}.
 *
 * <p>What is written here is read back as the same tokenizer, and is what Hugging Face tokenizers and the GGUF export
 * read. Only the byte-level BPE layout is known.
 */
package io.rootstock.encoding.format;
