package io.rootstock.bench.storm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file system of one data directory, in memory, which can be filled. */
final class Disk implements AutoCloseable {
    private static final int MEBIBYTES = 384;
    private static final String FILLER = "storm-filler";

    private final Path directory;

    /** Mounts an empty file system. */
    Disk(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Commands.run("mount", "-t", "tmpfs", "-o", "size=" + MEBIBYTES + "m", "tmpfs", directory.toString());
    }

    /** Uses all free space. */
    void fill() {
        try {
            long free = Files.getFileStore(directory).getUsableSpace();
            while (free > 0) {
                Commands.run("fallocate", "-o", "0", "-l", Long.toString(size() + free), filler().toString());
                free = Files.getFileStore(directory).getUsableSpace();
            }
        } catch (IllegalStateException full) {
            // Another process has used the rest.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends {@link #fill}. */
    void empty() {
        try {
            Files.deleteIfExists(filler());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        Commands.run("umount", "--lazy", directory.toString());
    }

    private long size() throws IOException {
        return Files.exists(filler()) ? Files.size(filler()) : 0;
    }

    private Path filler() {
        return directory.resolve(FILLER);
    }
}
