package io.rootstock.torch;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Copies class-path resources into a folder that appears complete or not at all. Concurrent processes wait for the
 * first; a process that died during the copy leaves only ignored temporary files.
 */
final class Unpacking {
    private Unpacking() {}

    static Path once(Path parent, String name, List<String> resources) throws IOException {
        Path target = parent.resolve(name);
        if (Files.isDirectory(target)) {
            return target;
        }
        Files.createDirectories(parent);
        try (FileChannel channel = FileChannel.open(
                        parent.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = lock(channel)) {
            if (!Files.isDirectory(target)) {
                Path part = parent.resolve(name + ".part");
                clear(part);
                try {
                    Files.createDirectories(part);
                    for (String resource : resources) {
                        copy(resource, part.resolve(resource.substring(resource.lastIndexOf('/') + 1)));
                    }
                    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
                } finally {
                    clear(part);
                }
            }
        }
        return target;
    }

    static InputStream open(String resource) throws IOException {
        InputStream in = Unpacking.class.getClassLoader().getResourceAsStream(resource);
        if (in == null) {
            throw new FileNotFoundException(resource + " is not on the class path");
        }
        return in;
    }

    /** Waits for a lock held elsewhere in this JVM, for which Java throws an exception instead of waiting. */
    private static FileLock lock(FileChannel channel) throws IOException {
        while (true) {
            try {
                return channel.lock();
            } catch (OverlappingFileLockException e) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }

    private static void copy(String resource, Path file) throws IOException {
        try (InputStream in = open(resource);
                FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            in.transferTo(Channels.newOutputStream(out));
            out.force(true);
        }
    }

    private static void clear(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
            Files.delete(directory);
        }
    }
}
