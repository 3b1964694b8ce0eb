package io.rootstock.tokenizer.corpus;

import io.rootstock.files.FileTree;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

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

    /** Deletes the folders whose files are not needed. Call it while no job runs. */
    void retain(Predicate<String> needed) throws IOException {
        if (!Files.isDirectory(root)) {
            return;
        }
        List<Path> folders;
        try (Stream<Path> files = Files.list(root)) {
            folders = files.toList();
        }
        for (Path folder : folders) {
            if (!needed.test(folder.getFileName().toString())) {
                FileTree.delete(folder);
            }
        }
    }
}
