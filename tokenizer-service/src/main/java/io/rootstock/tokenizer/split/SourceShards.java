package io.rootstock.tokenizer.split;

import io.rootstock.dataset.DatasetManifest.Split;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Writes the shards of one source after the other, so that only one source has unfinished shards in memory. */
final class SourceShards {
    private final int sources;
    private final Supplier<SplitWriter> writer;
    private final List<Map<SplitName, Split>> finished = new ArrayList<>();
    private final List<Long> textTokens = new ArrayList<>();
    private Map<SplitName, SplitWriter> current;

    /** @param writer creates the writer of one split of one source */
    SourceShards(int sources, Supplier<SplitWriter> writer) {
        this.sources = sources;
        this.writer = writer;
        current = open();
    }

    /** Adds an example; sources come in order. {@code label} is its class id, used only for CLASSIFICATION. */
    void add(int source, SplitName split, Example example, int label) {
        finishBefore(source);
        current.get(split).add(example, label);
    }

    /** Finishes the shards of all sources. */
    void finish() {
        finishBefore(sources);
    }

    /** Returns the splits of each finished source. */
    List<Map<SplitName, Split>> splits() {
        return finished;
    }

    /** Returns the number of tokens of a finished source's training text. */
    long textTokens(int source) {
        return textTokens.get(source);
    }

    private void finishBefore(int source) {
        while (finished.size() < source) {
            textTokens.add(current.get(SplitName.TRAIN).textTokens());
            Map<SplitName, Split> splits = new EnumMap<>(SplitName.class);
            current.forEach((split, each) -> splits.put(split, each.finish()));
            finished.add(splits);
            current = open();
        }
    }

    private Map<SplitName, SplitWriter> open() {
        Map<SplitName, SplitWriter> bySplit = new EnumMap<>(SplitName.class);
        for (SplitName split : SplitName.values()) {
            bySplit.put(split, writer.get());
        }
        return bySplit;
    }
}
