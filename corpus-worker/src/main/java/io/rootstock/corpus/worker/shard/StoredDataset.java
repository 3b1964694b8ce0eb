package io.rootstock.corpus.worker.shard;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.corpus.worker.token.PreparedTokenizer;
import java.io.IOException;
import java.nio.file.Path;

/** Stores the dataset of a finished workspace in an artifact store, from which trainings read it. */
public final class StoredDataset {
    private StoredDataset() {}

    /**
     * Stores tokenizer, shards and manifest. Storing a workspace twice stores nothing twice.
     *
     * @param workspace workspace with {@code dataset.json}
     * @return digest of the manifest, the {@code dataset_digest} of trainings
     * @throws IOException if a file is missing or was altered after the job
     */
    public static Digest store(Path workspace, ArtifactStore store) throws IOException {
        ShardIndex index = ShardIndex.read(workspace);
        Path tokenizer = workspace.resolve(PreparedTokenizer.COPY);
        require(tokenizer, index.tokenizer(), store.putDirectory(tokenizer));
        for (ShardIndex.ShardFile shard : index.files()) {
            Path file = workspace.resolve(shard.path());
            require(file, shard.digest(), store.putFile(file));
        }
        Path dataset = workspace.resolve(ShardJob.DATASET);
        Digest stored = store.putFile(dataset);
        require(dataset, index.dataset(), stored);
        return stored;
    }

    private static void require(Path file, String stated, Digest actual) throws IOException {
        if (!actual.value().equals(stated)) {
            throw new IOException(file + " is " + actual + ", and " + ShardIndex.NAME + " states " + stated
                    + "; run the recipe again, which repairs the workspace");
        }
    }
}
