package io.rootstock.trainer.data;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.CorruptArtifactException;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.dataset.InvalidDatasetException;
import io.rootstock.dataset.Shard;
import io.rootstock.trainer.plan.RefusedSpecException;
import java.util.ArrayList;
import java.util.List;

/** One split of a dataset: the memory-mapped shards of each source that has rows, verified against their digests. */
public final class Corpus implements AutoCloseable {
    private final List<Part> parts;

    /**
     * Shards of one source.
     *
     * @param source its entry in the manifest
     * @param split the split that was opened
     * @param shards its shards in order
     */
    record Part(DatasetManifest.Source source, DatasetManifest.Split split, List<Shard> shards) {}

    private Corpus(List<Part> parts) {
        this.parts = parts;
    }

    /** Opens a split: {@code train}, {@code validation} or {@code test}. Sources without rows in it are omitted. */
    public static Corpus open(ArtifactStore store, DatasetManifest manifest, String splitName) {
        List<Part> parts = new ArrayList<>();
        Corpus corpus = new Corpus(parts);
        try {
            for (DatasetManifest.Source source : manifest.sources()) {
                DatasetManifest.Split split = source.split(splitName);
                if (split.rows() == 0) {
                    continue;
                }
                List<Shard> shards = new ArrayList<>();
                parts.add(new Part(source, split, shards));
                for (DatasetManifest.ShardReference shard : split.shards()) {
                    shards.add(open(
                            store,
                            shard,
                            "shard " + (shards.size() + 1) + " of "
                                    + split.shards().size() + " of source " + source.name() + ", split " + splitName));
                }
            }
        } catch (RuntimeException e) {
            corpus.close();
            throw e;
        }
        return corpus;
    }

    private static Shard open(ArtifactStore store, DatasetManifest.ShardReference shard, String which) {
        try {
            return Shard.open(store.verified(Digest.parse(shard.digest())));
        } catch (CorruptArtifactException | NoSuchArtifactException | InvalidDatasetException e) {
            throw new RefusedSpecException(
                    "dataset_digest",
                    "cannot be trained on: its " + which + " is damaged: " + e.getMessage()
                            + "; prepare the dataset again");
        }
    }

    /** Whether the split has no rows. */
    public boolean isEmpty() {
        return parts.isEmpty();
    }

    /** UTF-8 bytes of the text that the loss tokens represent. */
    public long bytes() {
        return parts.stream().mapToLong(part -> part.split().bytes()).sum();
    }

    /** Unicode characters of the text that the loss tokens represent. */
    public long characters() {
        return parts.stream().mapToLong(part -> part.split().characters()).sum();
    }

    /** Number of rows. */
    long rows() {
        return parts.stream().mapToLong(part -> part.split().rows()).sum();
    }

    /** Approximate number of rows that contain {@code tokens} tokens in total, at least 1. */
    public int rowsOf(int tokens) {
        long rows = rows();
        long all = parts.stream().mapToLong(part -> part.split().tokens()).sum();
        return (int) Math.max(1, Math.min(rows, rows * tokens / Math.max(1, all)));
    }

    /** Sampling weight of each source. */
    List<Double> weights() {
        return parts.stream().map(part -> part.source().weight()).toList();
    }

    List<Part> parts() {
        return parts;
    }

    @Override
    public void close() {
        for (Part part : parts) {
            part.shards().forEach(Shard::close);
        }
    }
}
