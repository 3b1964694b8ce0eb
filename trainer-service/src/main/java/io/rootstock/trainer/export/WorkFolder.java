package io.rootstock.trainer.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder for what is under way; what an interrupted worker left in it is worth nothing. */
final class WorkFolder {
    private WorkFolder() {}

    /** Makes it, empty. */
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
