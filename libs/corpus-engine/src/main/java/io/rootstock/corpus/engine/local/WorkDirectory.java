package io.rootstock.corpus.engine.local;

import io.rootstock.files.FileTree;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A locked work directory. The lock ends with the process, also if it is killed.
 *
 * @param path absolute path
 * @param lock channel of the lock file
 */
public record WorkDirectory(Path path, FileChannel lock) implements Closeable {
    private static final String LOCK = "lock";

    /**
     * Creates and locks a work directory, and deletes temporary files and directories of a killed process.
     *
     * @throws IOException if the directory is in use or cannot be written
     */
    public static WorkDirectory open(Path workspace) throws IOException {
        Path path = workspace.toAbsolutePath();
        Files.createDirectories(path);
        FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (!lock(channel)) {
                throw new IOException(
                        "work directory " + path + " is in use by another job; wait for it, or use another directory");
            }
            deleteTemporaryFiles(path);
            return new WorkDirectory(path, channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Deletes files and directories whose names begin with a dot: a process that was killed has left them. */
    private static void deleteTemporaryFiles(Path path) throws IOException {
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                if (directory.equals(path)
                        || !directory.getFileName().toString().startsWith(".")) {
                    return FileVisitResult.CONTINUE;
                }
                FileTree.delete(directory);
                return FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (file.getFileName().toString().startsWith(".")) {
                    Files.deleteIfExists(file);
                }
                return FileVisitResult.CONTINUE;
            }

            /** Ignores a file that vanished: workers of other machines outlive the process that started them for a moment. */
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
