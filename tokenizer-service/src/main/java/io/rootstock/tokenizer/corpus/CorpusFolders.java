package io.rootstock.tokenizer.corpus;

import io.rootstock.files.FileTree;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders of jobs: recipe, job file, log, and the worker's workspace with the results of finished units. */
@ApplicationScoped
public class CorpusFolders {
    private final Path root;

    /** Required by the CDI client proxy. */
    CorpusFolders() {
        root = Path.of("");
    }

    @Inject
    CorpusFolders(CorpusSettings settings) {
        root = settings.workspace().toAbsolutePath().normalize();
    }

    /** Creates the folder of a corpus if it does not exist. */
    Path create(String id) throws IOException {
        return Files.createDirectories(root.resolve(id));
    }

    /** Deletes the folder of a corpus. */
    void delete(String id) {
        FileTree.delete(root.resolve(id));
    }
}
