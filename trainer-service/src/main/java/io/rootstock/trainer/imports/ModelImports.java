package io.rootstock.trainer.imports;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.files.FileTree;
import io.rootstock.sandbox.SandboxMode;
import io.rootstock.service.Errors;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.GgufFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Creates imports. Files of imports that a stopped service left incomplete are deleted. */
public final class ModelImports {
    private static final Duration RETRY = Duration.ofSeconds(30);

    private final Path root;
    private final ConfinedConversion conversion;
    private final ImportStorage storage;
    private final GgufCreation creation;
    private final ArtifactStore store;
    private final Semaphore creating = new Semaphore(1);
    private final Map<Object, Instant> running = new ConcurrentHashMap<>();

    /**
     * Deletes the contents of the folder.
     *
     * @param root folder of running imports
     * @param threads threads for quantization
     * @param quantizations GGUF files that imports store by default
     * @param sandbox confinement of the processes that read received files
     */
    public ModelImports(Path root, ArtifactStore store, int threads, Set<GgufFile> quantizations, SandboxMode sandbox) {
        this.root = root;
        this.store = store;
        this.conversion = new ConfinedConversion(sandbox);
        this.storage = new ImportStorage(store, threads, quantizations, sandbox);
        this.creation = new GgufCreation(store, threads, sandbox);
        FileTree.delete(root);
    }

    /** Creates an import with its own folder. */
    public ModelImport begin() {
        ModelImport model =
                new ModelImport(root.resolve(UUID.randomUUID().toString()), conversion, storage, running::remove);
        running.put(model, Instant.now());
        return model;
    }

    /** Creates an import of artifacts by digest. */
    public ArtifactImport beginArtifacts() {
        ArtifactImport artifacts = new ArtifactImport(store, running::remove);
        running.put(artifacts, Instant.now());
        return artifacts;
    }

    /**
     * Creates and stores a GGUF file of a stored Hugging Face directory; one at a time.
     *
     * @param name value of {@code general.name}
     * @param stage receives the name of each stage
     * @param wanted polled regularly; false cancels
     * @return empty if the call was cancelled
     */
    public Optional<Artifact> createGguf(
            Digest huggingFace, GgufFile variant, String name, Consumer<String> stage, BooleanSupplier wanted)
            throws IOException {
        if (!creating.tryAcquire()) {
            throw Errors.resourceExhausted(
                    "GGUF_CREATION_RUNNING", "another GGUF file is being created; try again later", RETRY);
        }
        Path folder = root.resolve(UUID.randomUUID().toString());
        running.put(folder, Instant.now());
        try {
            FileTree.createEmpty(folder);
            return creation.create(folder, huggingFace, variant, name, stage, wanted);
        } finally {
            FileTree.delete(folder);
            running.remove(folder);
            creating.release();
        }
    }

    /** Start of the oldest running import; empty if none runs. */
    public Optional<Instant> oldest() {
        return running.values().stream().min(Instant::compareTo);
    }
}
