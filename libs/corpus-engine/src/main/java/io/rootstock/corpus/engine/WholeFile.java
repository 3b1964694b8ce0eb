package io.rootstock.corpus.engine;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes a file that appears complete or not at all when the process is killed: temporary sibling, rename. Without fsync:
 * after a power failure the digest in the receipt shows what was lost, and the task runs again. The job makes its results
 * durable before it writes the manifest.
 */
final class WholeFile {
    private WholeFile() {}

    static void write(Path file, TaskContext.Content content) throws IOException {
        Files.createDirectories(file.getParent());
        Path partial = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
        try {
            try (OutputStream stream =
                    Files.newOutputStream(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.writeTo(stream);
            }
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(partial);
        }
    }
}
