/**
 * SentencePiece's {@code .model} files: pieces with their scores and types, and the settings of the normalizer. Only BPE models
 * are read; text is tokenized elsewhere.
 */
package io.rootstock.checkpoint.sentencepiece;
