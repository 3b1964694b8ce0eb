package io.rootstock.corpus.worker.shard;

import io.rootstock.corpus.engine.Receipt;
import io.rootstock.corpus.engine.Receipt.OutputFile;
import io.rootstock.corpus.engine.count.CountsJson;
import io.rootstock.corpus.worker.shard.UnitShards.ShardCounts;
import io.rootstock.corpus.worker.shard.UnitShards.SplitCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The file {@code shards.json}: the shard files of a workspace by unit, in the order of the units.
 *
 * @param formatVersion version of this format
 * @param dataset digest of {@code dataset.json}
 * @param tokenizer digest of the tokenizer's directory
 * @param units units in order, also those without documents
 */
record ShardIndex(int formatVersion, String dataset, String tokenizer, List<UnitFiles> units) {
    static final String NAME = "shards.json";
    static final int FORMAT_VERSION = 1;

    ShardIndex {
        units = List.copyOf(units);
    }

    /**
     * Shards of a unit.
     *
     * @param name name of the unit
     * @param shards shards: train, validation, test
     */
    record UnitFiles(String name, List<ShardFile> shards) {
        UnitFiles {
            shards = List.copyOf(shards);
        }
    }

    /**
     * A shard file.
     *
     * @param split name of the split
     * @param path path in the workspace
     * @param digest {@code sha256:} and 64 hexadecimal digits of its bytes
     * @param bytes length
     * @param rows number of documents
     * @param tokens number of tokens
     */
    record ShardFile(String split, String path, String digest, long bytes, long rows, long tokens) {}

    static ShardIndex of(String dataset, String tokenizer, List<Receipt> receipts) {
        List<UnitFiles> units = new ArrayList<>();
        for (Receipt receipt : receipts) {
            List<ShardFile> files = new ArrayList<>();
            for (SplitCounts split : UnitShards.of(receipt).splits()) {
                for (ShardCounts shard : split.shards()) {
                    OutputFile file = shard.file(receipt);
                    files.add(new ShardFile(
                            split.split(), file.path(), file.digest(), file.bytes(), shard.rows(), shard.tokens()));
                }
            }
            units.add(new UnitFiles(receipt.name(), files));
        }
        return new ShardIndex(FORMAT_VERSION, dataset, tokenizer, units);
    }

    static ShardIndex read(Path workspace) throws IOException {
        ShardIndex index = CountsJson.read(Files.readString(workspace.resolve(NAME)), ShardIndex.class);
        if (index.formatVersion() != FORMAT_VERSION) {
            throw new IOException(workspace.resolve(NAME) + " has format version " + index.formatVersion()
                    + ", this reads " + FORMAT_VERSION + "; run the recipe again");
        }
        return index;
    }

    /** All shard files, in order. */
    List<ShardFile> files() {
        return units.stream().flatMap(unit -> unit.shards().stream()).toList();
    }
}
