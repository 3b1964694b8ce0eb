package io.rootstock.trainer.data;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.dataset.DatasetKind;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.dataset.Shard;
import io.rootstock.trainer.plan.DataFacts;
import io.rootstock.trainer.plan.RefusedSpecException;
import io.rootstock.trainer.v1.Task;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Reads the properties of a dataset that a plan depends on. */
public final class DatasetFacts {
    /** Number of quantiles that represent the distribution of row lengths. */
    private static final int QUANTILES = 64;

    private DatasetFacts() {}

    /** Kind of dataset that a task requires. */
    public static DatasetKind kind(Task task) {
        return switch (task) {
            case TASK_PRETRAIN -> DatasetKind.PRETRAINING;
            case TASK_INSTRUCTION -> DatasetKind.INSTRUCTION;
            case TASK_CLASSIFICATION -> DatasetKind.CLASSIFICATION;
            case TASK_PREFERENCE -> DatasetKind.PREFERENCE;
            case TASK_UNSPECIFIED, UNRECOGNIZED -> throw new RefusedSpecException("task", "must be set");
        };
    }

    /** Returns the facts of a dataset; rejects a dataset of the wrong kind or without training rows. */
    public static DataFacts of(ArtifactStore store, DatasetManifest manifest, Task task) {
        DatasetKind wanted = kind(task);
        if (manifest.kind() != wanted) {
            throw new RefusedSpecException(
                    "dataset_digest", "is a dataset of kind " + manifest.kind() + ", the task needs " + wanted);
        }
        long rows = 0;
        long tokens = 0;
        double mostTokens = 0.0;
        for (DatasetManifest.Source source : manifest.sources()) {
            DatasetManifest.Split train = source.split(DatasetManifest.TRAIN);
            rows += train.rows();
            tokens += train.tokens();
            if (source.weight() > 0.0 && train.tokens() > 0) {
                mostTokens += source.maximumEpochs() <= 0.0
                        ? Double.POSITIVE_INFINITY
                        : source.maximumEpochs() * train.tokens();
            }
        }
        if (tokens < 2) {
            throw new RefusedSpecException("dataset_digest", "has no training rows");
        }
        List<Integer> lengths = task == Task.TASK_PRETRAIN ? List.of() : lengths(store, manifest);
        return new DataFacts(
                manifest.vocabularySize(),
                manifest.labels().size(),
                rows,
                tokens,
                mostTokens == Double.POSITIVE_INFINITY ? Long.MAX_VALUE : (long) mostTokens,
                lengths.isEmpty() ? manifest.maxTokens() : lengths.getLast(),
                quantiles(lengths));
    }

    /** Tokens of every training row, ascending; a preference pair counts as twice its longer answer. */
    private static List<Integer> lengths(ArtifactStore store, DatasetManifest manifest) {
        try (Corpus corpus = Corpus.open(store, manifest, DatasetManifest.TRAIN)) {
            return corpus.parts().stream()
                    .flatMap(part -> part.shards().stream())
                    .flatMap(shard -> LongStream.range(0, shard.rows()).mapToObj(row -> length(shard, row)))
                    .sorted()
                    .toList();
        }
    }

    private static int length(Shard shard, long row) {
        int tokens = (int) (shard.offset(row + 1) - shard.offset(row));
        if (shard.kind() != DatasetKind.PREFERENCE) {
            return tokens;
        }
        int chosen = 0;
        for (byte part : shard.mask(row)) {
            chosen += part < Rows.REJECTED ? 1 : 0;
        }
        return 2 * Math.max(chosen, tokens - chosen);
    }

    private static List<Integer> quantiles(List<Integer> sorted) {
        return sorted.size() <= QUANTILES
                ? sorted
                : IntStream.range(0, QUANTILES)
                        .mapToObj(index -> sorted.get((int) ((index + 0.5) / QUANTILES * sorted.size())))
                        .toList();
    }

    /** Parses a digest of a spec. */
    public static Digest digest(String value, String field) {
        try {
            return Digest.parse(value);
        } catch (IllegalArgumentException e) {
            throw new RefusedSpecException(field, "must be sha256: and 64 hexadecimal digits, was '" + value + "'");
        }
    }
}
