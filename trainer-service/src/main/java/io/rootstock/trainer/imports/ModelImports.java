package io.rootstock.trainer.imports;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.files.FileTree;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Creates imports. Files of imports that a stopped service left incomplete are deleted. */
public final class ModelImports {
    private final Path root;
    private final ModelConversion conversion;
    private final AdapterConversion adapters;
    private final Map<ModelImport, Instant> running = new ConcurrentHashMap<>();

    /**
     * Deletes the contents of the folder.
     *
     * @param root folder of running imports
     * @param threads threads for quantization
     */
    public ModelImports(Path root, ArtifactStore store, int threads) {
        this.root = root;
        this.conversion = new ModelConversion(store, threads);
        this.adapters = new AdapterConversion(store);
        FileTree.delete(root);
    }

    /** Creates an import with its own folder. */
    public ModelImport begin() {
        ModelImport model =
                new ModelImport(root.resolve(UUID.randomUUID().toString()), conversion, adapters, running::remove);
        running.put(model, Instant.now());
        return model;
    }

    /** Start of the oldest running import; empty if none runs. */
    public Optional<Instant> oldest() {
        return running.values().stream().min(Instant::compareTo);
    }
}
