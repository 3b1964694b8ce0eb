package io.rootstock.corpus.worker.shard;

import io.rootstock.corpus.engine.Receipt;
import io.rootstock.corpus.engine.job.CorpusManifest.OutputUnit;
import io.rootstock.corpus.engine.job.SourceReport;
import io.rootstock.corpus.engine.job.SourceReport.SplitReport;
import io.rootstock.corpus.engine.job.SourceReport.TokenizerSample;
import io.rootstock.corpus.worker.shard.UnitShards.ShardCounts;
import io.rootstock.corpus.worker.shard.UnitShards.SplitCounts;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.dataset.DatasetManifest.ShardReference;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sums the receipts of one source's units, in order. */
final class SourceShards {
    private final String name;
    private final Map<Split, Sum> splits = new EnumMap<>(Split.class);
    private int units;

    private static final class Sum {
        private long documents;
        private long textBytes;
        private long characters;
        private long tokens;
        private long textTokens;
        private long shardBytes;
        private final List<ShardReference> shards = new ArrayList<>();
    }

    SourceShards(String name) {
        this.name = name;
        for (Split split : Split.values()) {
            splits.put(split, new Sum());
        }
    }

    /** Adds the next unit. */
    void add(Receipt receipt) {
        units++;
        for (SplitCounts counts : UnitShards.of(receipt).splits()) {
            Sum sum = splits.get(split(counts.split()));
            sum.documents += counts.documents();
            sum.textBytes += counts.textBytes();
            sum.characters += counts.characters();
            sum.tokens += counts.tokens();
            sum.textTokens += counts.textTokens();
            for (ShardCounts shard : counts.shards()) {
                sum.shards.add(new ShardReference(shard.file(receipt).digest(), shard.rows(), shard.tokens()));
                sum.shardBytes += shard.file(receipt).bytes();
            }
        }
    }

    /** Adds the next unit of a text without held-out documents, which no stage has to read again. */
    void addText(OutputUnit unit) {
        units++;
        Sum sum = splits.get(Split.TRAIN);
        sum.documents += unit.documents();
        sum.textBytes += unit.textBytes();
    }

    private static Split split(String key) {
        for (Split split : Split.values()) {
            if (split.key().equals(key)) {
                return split;
            }
        }
        throw new IllegalArgumentException("unknown split " + key);
    }

    long trainTokens() {
        return splits.get(Split.TRAIN).tokens;
    }

    /** Returns the source's entry in a dataset's manifest; every token but the first one of a document is in the loss. */
    DatasetManifest.Source manifest(double weight, double maximumEpochs) {
        Map<String, DatasetManifest.Split> byKey = new TreeMap<>();
        splits.forEach((split, sum) -> byKey.put(
                split.key(),
                new DatasetManifest.Split(
                        sum.documents,
                        sum.tokens,
                        sum.tokens - sum.documents,
                        sum.textBytes,
                        sum.characters,
                        sum.shards)));
        return new DatasetManifest.Source(name, weight, maximumEpochs, byKey);
    }

    /** @param samples tokens of its first documents */
    SourceReport report(List<TokenizerSample> samples) {
        List<SplitReport> reports = new ArrayList<>();
        splits.forEach((split, sum) -> {
            if (sum.documents > 0) {
                reports.add(new SplitReport(
                        split.key(),
                        sum.documents,
                        sum.textBytes,
                        sum.tokens,
                        sum.textTokens,
                        sum.shards.size(),
                        sum.shardBytes));
            }
        });
        return SourceReport.of(name, units, reports, samples);
    }
}
