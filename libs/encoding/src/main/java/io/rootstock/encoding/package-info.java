/**
 * The seam of tokenizers: {@link io.rootstock.encoding.TextCodec} encodes and decodes text; special tokens and the buffer of
 * ids that every tokenizer fills.
 */
package io.rootstock.encoding;
