package io.rootstock.corpus.engine;

import io.rootstock.corpus.engine.Receipt.OutputFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
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
        OutputFile[] written = new OutputFile[1];
        WholeFile.write(workspace.resolve(path), stream -> {
            CountedDigest hashed = new CountedDigest(stream);
            BufferedOutputStream buffered = new BufferedOutputStream(hashed, BUFFER);
            content.writeTo(buffered);
            buffered.flush();
            written[0] = new OutputFile(path, hashed.bytes, hashed.digest());
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

    /** Digest and number of the bytes written. */
    private static final class CountedDigest extends DigestOutputStream {
        private long bytes;

        CountedDigest(OutputStream stream) {
            super(stream, Sha256.create());
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            super.write(buffer, offset, length);
            bytes += length;
        }

        @Override
        public void write(int value) throws IOException {
            super.write(value);
            bytes++;
        }

        String digest() {
            return Sha256.format(getMessageDigest().digest());
        }
    }
}
