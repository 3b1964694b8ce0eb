package io.rootstock.evaluation.task.suite;

import io.rootstock.evaluation.task.SuiteFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Files of a folder. A symbolic link whose target is outside of the folder does not exist.
 *
 * @param folder the suite's folder
 */
public record FolderFiles(Path folder) implements SuiteFiles {
    @Override
    public boolean has(String path) {
        return find(path).isPresent();
    }

    @Override
    public InputStream open(String path) throws IOException {
        return Files.newInputStream(find(path).orElseThrow(() -> new NoSuchFileException(path)));
    }

    private Optional<Path> find(String path) {
        try {
            Path file = folder.resolve(path);
            return Files.isRegularFile(file) && file.toRealPath().startsWith(folder.toRealPath())
                    ? Optional.of(file)
                    : Optional.empty();
        } catch (IOException | InvalidPathException _) {
            return Optional.empty();
        }
    }
}
