package io.rootstock.trainer.imports;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.files.FileTree;
import io.rootstock.sandbox.SandboxMode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Creates imports. Files of imports that a stopped service left incomplete are deleted. */
public final class ModelImports {
    private final Path root;
    private final ConfinedConversion conversion;
    private final ImportStorage storage;
    private final Map<ModelImport, Instant> running = new ConcurrentHashMap<>();

    /**
     * Deletes the contents of the folder.
     *
     * @param root folder of running imports
     * @param threads threads for quantization
     * @param sandbox confinement of the processes that read received files
     */
    public ModelImports(Path root, ArtifactStore store, int threads, SandboxMode sandbox) {
        this.root = root;
        this.conversion = new ConfinedConversion(sandbox);
        this.storage = new ImportStorage(store, threads, sandbox);
        FileTree.delete(root);
    }

    /** Creates an import with its own folder. */
    public ModelImport begin() {
        ModelImport model =
                new ModelImport(root.resolve(UUID.randomUUID().toString()), conversion, storage, running::remove);
        running.put(model, Instant.now());
        return model;
    }

    /** Start of the oldest running import; empty if none runs. */
    public Optional<Instant> oldest() {
        return running.values().stream().min(Instant::compareTo);
    }
}
