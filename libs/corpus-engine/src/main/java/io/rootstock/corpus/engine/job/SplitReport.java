package io.rootstock.corpus.engine.job;

/**
 * Documents of one split of a source.
 *
 * @param split {@code train}, {@code validation} or {@code test}
 * @param documents number of documents
 * @param textBytes UTF-8 bytes of their texts
 * @param tokens number of tokens, BOS and EOS included; 0 if the result is text
 * @param textTokens number of tokens without BOS and EOS
 * @param shards number of shards
 * @param shardBytes bytes of the shards
 */
public record SplitReport(
        String split, long documents, long textBytes, long tokens, long textTokens, int shards, long shardBytes) {}
