package io.rootstock.trainer.imports;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.files.FileTree;
import java.nio.file.Path;
import java.util.UUID;

/** Creates imports. Files of imports that a stopped service left incomplete are deleted. */
public final class ModelImports {
    private final Path root;
    private final ModelConversion conversion;

    /**
     * Deletes the contents of the folder.
     *
     * @param root folder of running imports
     * @param threads threads for quantization
     */
    public ModelImports(Path root, ArtifactStore store, int threads) {
        this.root = root;
        this.conversion = new ModelConversion(store, threads);
        FileTree.delete(root);
    }

    /** Creates an import with its own folder. */
    public ModelImport begin() {
        return new ModelImport(root.resolve(UUID.randomUUID().toString()), conversion);
    }
}
