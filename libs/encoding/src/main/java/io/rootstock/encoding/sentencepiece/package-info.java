/**
 * SentencePiece BPE models (Llama 2, Mistral 7B, Gemma): pieces of characters with a mark for blanks, and single bytes
 * for characters without a piece.
 *
 * <p>Models are read from SentencePiece's {@code .model} files here, and from {@code tokenizer.json} by the package
 * {@code format}. Unigram models are not supported.
 */
package io.rootstock.encoding.sentencepiece;
