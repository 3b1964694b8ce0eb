package io.rootstock.corpus.engine.job;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Documents of one source after all steps, by split.
 *
 * @param name name of the source
 * @param units number of its units
 * @param splits splits that have documents, in the order train, validation, test
 * @param bytesPerToken UTF-8 bytes for each token of the text; 0 without tokens
 * @param compression UTF-8 bytes for each byte of the shards; 0 without shards
 * @param samples tokens of its first documents with the recipe's tokenizer and with others to compare it with; empty without
 *     tokens
 */
public record SourceReport(
        String name,
        int units,
        List<SplitReport> splits,
        double bytesPerToken,
        double compression,
        List<TokenizerSample> samples) {
    public SourceReport {
        splits = List.copyOf(splits);
        samples = List.copyOf(samples);
    }

    /** Computes the ratios of a source. */
    public static SourceReport of(String name, int units, List<SplitReport> splits, List<TokenizerSample> samples) {
        long textBytes = sum(splits, SplitReport::textBytes);
        return new SourceReport(
                name,
                units,
                splits,
                ratio(textBytes, sum(splits, SplitReport::textTokens)),
                ratio(textBytes, sum(splits, SplitReport::shardBytes)),
                samples);
    }

    private static long sum(List<SplitReport> splits, ToLongFunction<SplitReport> count) {
        return splits.stream().mapToLong(count).sum();
    }

    private static double ratio(long bytes, long count) {
        return count == 0 ? 0 : (double) bytes / count;
    }

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

    /**
     * Tokens of a sample of a source with one tokenizer.
     *
     * @param tokenizer name of the tokenizer
     * @param bytes UTF-8 bytes of the sample
     * @param tokens number of tokens without BOS and EOS
     */
    public record TokenizerSample(String tokenizer, long bytes, long tokens) {}
}
