/**
 * Byte-pair encoding: {@link io.rootstock.encoding.bpe.Tokenizer} encodes and decodes text with the merges of a
 * {@link io.rootstock.encoding.bpe.Vocabulary}.
 *
 * <p>Ids of tokenizers trained by Rootstock are the 256 bytes in the order of GPT-2's byte alphabet, then learned tokens
 * in the order of learning, then special tokens. The package does not read or write files.
 */
package io.rootstock.encoding.bpe;
