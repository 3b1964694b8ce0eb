package io.rootstock.files;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * Creates a directory that appears complete or not at all: it is filled under a temporary name beside its own, then
 * renamed. The temporary name begins with a dot.
 */
public final class AtomicDirectory {
    private AtomicDirectory() {}

    /** Fills the temporary directory, which exists and is empty. */
    @FunctionalInterface
    public interface Content {
        void writeTo(Path directory) throws IOException;
    }

    /**
     * Creates a directory, and its parents if they are missing. Its entries are durable when the method returns; the
     * content is responsible for the fsync of its files.
     *
     * @throws FileAlreadyExistsException if the directory exists
     * @throws IOException if it cannot be written, or the content throws it; nothing remains of the directory
     */
    public static void write(Path directory, Content content) throws IOException {
        Path whole = directory.toAbsolutePath();
        if (Files.exists(whole, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(directory.toString());
        }
        Path partial = whole.resolveSibling("." + whole.getFileName() + "." + UUID.randomUUID());
        Files.createDirectories(partial);
        try {
            content.writeTo(partial);
            Fsync.directory(partial);
            Files.move(partial, whole, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException | Error e) {
            deleteAfter(e, partial);
            throw e;
        }
        Fsync.directory(whole.getParent());
    }

    private static void deleteAfter(Throwable failure, Path partial) {
        try {
            FileTree.delete(partial);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
