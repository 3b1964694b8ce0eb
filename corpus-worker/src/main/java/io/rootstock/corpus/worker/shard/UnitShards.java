package io.rootstock.corpus.worker.shard;

import io.rootstock.corpus.engine.Receipt;
import io.rootstock.corpus.engine.Receipt.OutputFile;
import io.rootstock.corpus.engine.count.CountsJson;
import java.util.List;

/**
 * Documents and shards of one unit: the content of its receipt.
 *
 * @param splits splits that have documents, in the order train, validation, test
 */
record UnitShards(List<SplitCounts> splits) {
    UnitShards {
        splits = List.copyOf(splits);
    }

    /**
     * Counts of one split.
     *
     * @param split name of the split
     * @param documents number of documents
     * @param textBytes UTF-8 bytes of their texts
     * @param characters code points of their texts
     * @param tokens number of tokens, BOS and EOS included; 0 if the result is text
     * @param textTokens number of tokens without BOS and EOS
     * @param shards shards, in order
     */
    record SplitCounts(
            String split,
            long documents,
            long textBytes,
            long characters,
            long tokens,
            long textTokens,
            List<ShardCounts> shards) {
        SplitCounts {
            shards = List.copyOf(shards);
        }
    }

    /**
     * A shard.
     *
     * @param path path in the workspace
     * @param rows number of documents
     * @param tokens number of tokens
     */
    record ShardCounts(String path, long rows, long tokens) {
        /** Finds the file in the receipt of its unit. */
        OutputFile file(Receipt receipt) {
            return receipt.files().stream()
                    .filter(file -> file.path().equals(path))
                    .findFirst()
                    .orElseThrow(
                            () -> new IllegalStateException("the receipt of " + receipt.name() + " lacks " + path));
        }
    }

    static UnitShards of(Receipt receipt) {
        return CountsJson.read(receipt.content(), UnitShards.class);
    }
}
