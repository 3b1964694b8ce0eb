package io.rootstock.trainer.imports;

import io.rootstock.artifacts.ArtifactStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.UUID;
import java.util.stream.Stream;

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
        delete(root);
    }

    /** Creates an import with its own folder. */
    public ModelImport begin() {
        return new ModelImport(root.resolve(UUID.randomUUID().toString()), conversion);
    }

    static void delete(Path tree) {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(tree)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot clear " + tree, e);
        }
    }
}
