/** Tokenizer files of a model in Hugging Face's format: vocabulary, merges, special tokens and chat template. */
package io.rootstock.checkpoint.tokenizer;
