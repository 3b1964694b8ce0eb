package io.rootstock.corpus.engine.job;

/**
 * Tokens of a sample of a source with one tokenizer.
 *
 * @param tokenizer name of the tokenizer
 * @param bytes UTF-8 bytes of the sample
 * @param tokens number of tokens without BOS and EOS
 */
public record TokenizerSample(String tokenizer, long bytes, long tokens) {}
