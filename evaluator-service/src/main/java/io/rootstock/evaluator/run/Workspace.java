package io.rootstock.evaluator.run;

import io.rootstock.files.AtomicFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/** The folder of an evaluator, which one process uses at a time. */
public final class Workspace implements AutoCloseable {
    private final Path folder;
    private final FileChannel lock;

    /**
     * Opens the folder, which is created if it does not exist.
     *
     * @throws IllegalStateException if another evaluator uses it
     */
    public Workspace(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder.toAbsolutePath().normalize());
        Files.createDirectories(inference());
        lock = FileChannel.open(this.folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isLocked()) {
            lock.close();
            throw new IllegalStateException("rootstock.evaluator.workspace: another evaluator uses " + this.folder
                    + "; stop it, or set another folder");
        }
    }

    /** The lock is released when the channel is closed, or the process ends. */
    private boolean isLocked() throws IOException {
        try {
            FileLock locked = lock.tryLock();
            return locked != null;
        } catch (OverlappingFileLockException _) {
            return false;
        }
    }

    /** Files of the current suite. */
    Path suite() {
        return folder.resolve("suite");
    }

    /** Row records of the current evaluation. */
    Path rows() {
        return folder.resolve("rows.jsonl");
    }

    /** Home and log of the inference process. */
    Path inference() {
        return folder.resolve("inference");
    }

    public Path cache() {
        return folder.resolve("cache");
    }

    /** Results of contamination checks. */
    Path contamination() {
        return folder.resolve("contamination");
    }

    private Path unfinishedFile() {
        return folder.resolve("unfinished");
    }

    /**
     * An evaluation that was begun here and is not finished.
     *
     * @param evaluation its name
     * @param lease number of the last lease
     */
    public record Unfinished(String evaluation, long lease) {}

    /** The evaluation that was begun here and is not finished; empty if its file is damaged: its lease then expires. */
    public Optional<Unfinished> unfinished() throws IOException {
        try {
            List<String> lines = Files.readAllLines(unfinishedFile());
            return Optional.of(new Unfinished(lines.getFirst(), Long.parseLong(lines.getLast())));
        } catch (NoSuchFileException | NoSuchElementException | NumberFormatException _) {
            return Optional.empty();
        }
    }

    /** Stores the name and the lease of the evaluation that begins. */
    public void begin(String evaluation, long lease) throws IOException {
        AtomicFile.write(unfinishedFile(), evaluation + "\n" + lease + "\n");
    }

    /** The evaluation has ended. */
    public void end() throws IOException {
        Files.deleteIfExists(unfinishedFile());
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
