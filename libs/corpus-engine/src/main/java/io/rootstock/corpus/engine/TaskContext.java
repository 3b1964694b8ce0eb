package io.rootstock.corpus.engine;

import io.rootstock.files.AtomicFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Access of one running task to the workspace, and its cancellation. Used by the thread of the task. */
public final class TaskContext {
    private static final int BUFFER = 1 << 16;

    private final Path workspace;
    private final BooleanSupplier cancelled;
    private final List<OutputFile> files = new ArrayList<>();

    /**
     * @param workspace directory that all workers see
     * @param cancelled whether the job was cancelled, or another task has failed
     */
    public TaskContext(Path workspace, BooleanSupplier cancelled) {
        this.workspace = workspace;
        this.cancelled = cancelled;
    }

    /** Content of a file. */
    @FunctionalInterface
    public interface Content {
        /** Writes to the stream, which the caller closes. */
        void writeTo(OutputStream stream) throws IOException;
    }

    /** Returns the path of a file of the workspace. */
    public Path file(String path) {
        return workspace.resolve(path);
    }

    /** Writes a file that appears complete or not at all, with its directories, and adds it to the receipt. */
    public OutputFile write(String path, Content content) throws IOException {
        Path file = workspace.resolve(path);
        Files.createDirectories(file.getParent());
        OutputFile[] written = new OutputFile[1];
        AtomicFile.write(file, channel -> {
            DigestOutputStream hashed = new DigestOutputStream(Channels.newOutputStream(channel), Sha256.create());
            BufferedOutputStream buffered = new BufferedOutputStream(hashed, BUFFER);
            content.writeTo(buffered);
            buffered.flush();
            written[0] = new OutputFile(
                    path,
                    channel.position(),
                    Sha256.format(hashed.getMessageDigest().digest()));
        });
        files.add(written[0]);
        return written[0];
    }

    /** Throws {@link JobCancelledException} if the job was cancelled. Tasks call it for every document. */
    public void checkCancelled() {
        if (cancelled.getAsBoolean()) {
            throw new JobCancelledException();
        }
    }

    /** Files written so far, ordered by path. */
    List<OutputFile> files() {
        return files.stream().sorted(Comparator.comparing(OutputFile::path)).toList();
    }
}
