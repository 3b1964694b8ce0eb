package io.rootstock.trainer.imports;

import io.rootstock.artifacts.ArtifactStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.UUID;
import java.util.stream.Stream;

/** Where models are imported. What a stopped service left half done is thrown away. */
public final class ModelImports {
    private final Path root;
    private final ArtifactStore store;

    /**
     * Clears the folder.
     *
     * @param root folder of imports under way
     */
    public ModelImports(Path root, ArtifactStore store) {
        this.root = root;
        this.store = store;
        delete(root);
    }

    /** Begins one. */
    public ModelImport begin() {
        return new ModelImport(root.resolve(UUID.randomUUID().toString()), store);
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
