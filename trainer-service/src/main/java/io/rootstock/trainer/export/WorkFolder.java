package io.rootstock.trainer.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory for temporary files; leftovers of an interrupted worker are deleted. */
final class WorkFolder {
    private WorkFolder() {}

    /** Creates an empty directory. */
    static void empty(Path folder) throws IOException {
        remove(folder);
        Files.createDirectories(folder);
    }

    static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
