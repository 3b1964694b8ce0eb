package io.rootstock.evaluator.contamination;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.dataset.DatasetManifest.ShardReference;
import io.rootstock.dataset.Shard;
import io.rootstock.evaluation.contamination.ContaminationIndex;
import io.rootstock.evaluation.contamination.ContaminationSearch;
import io.rootstock.evaluation.contamination.TaskTexts;
import java.util.ArrayList;
import java.util.List;

/** Search of the training splits of a dataset. Splits for validation and test do not train. */
final class DatasetSearch {
    private static final int TWO_BYTES = 1 << 16;

    private final String name;
    private final String digest;
    private final List<ShardReference> shards;
    private final int tokenBytes;
    private final ShardText text;

    /**
     * Plans the search.
     *
     * @param name datasets/{dataset}
     * @param digest digest of the manifest
     * @param text decodes its rows
     */
    DatasetSearch(String name, String digest, DatasetManifest manifest, ShardText text) {
        this.name = name;
        this.digest = digest;
        this.shards = manifest.sources().stream()
                .flatMap(source -> source.split(DatasetManifest.TRAIN).shards().stream())
                .toList();
        this.tokenBytes = manifest.vocabularySize() <= TWO_BYTES ? Short.BYTES : Integer.BYTES;
        this.text = text;
    }

    /** Digest of the manifest. */
    String digest() {
        return digest;
    }

    /** Bytes of the tokens that are read. */
    long bytes() {
        return tokenBytes * shards.stream().mapToLong(ShardReference::tokens).sum();
    }

    /**
     * Searches all shards for tasks.
     *
     * @return one result per task
     * @throws io.rootstock.artifacts.NoSuchArtifactException if a shard was deleted
     * @throws io.rootstock.dataset.InvalidDatasetException if a shard is invalid
     */
    List<FoundRows> run(List<TaskTexts> tasks, ArtifactStore store, SearchListener listener) {
        ContaminationIndex index = new ContaminationIndex();
        tasks.forEach(index::add);
        ContaminationSearch search = new ContaminationSearch(index);
        long documents = 0;
        long tokens = 0;
        for (ShardReference reference : shards) {
            listener.read(name, 0);
            try (Shard shard = Shard.open(store.verified(Digest.parse(reference.digest())))) {
                for (long row = 0; row < shard.rows(); row++) {
                    documents += text.read(
                            shard, reference.digest(), row, search, count -> listener.read(name, count * tokenBytes));
                }
                tokens += shard.tokens();
            }
        }
        List<FoundRows> found = new ArrayList<>();
        for (TaskTexts task : tasks) {
            found.add(new FoundRows(documents, tokens, search.matches(task.task())));
        }
        return found;
    }
}
