package io.rootstock.artifacts.s3;

import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.ArtifactWriter;
import io.rootstock.artifacts.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Collects an artifact in a local file, which the commit sends. */
final class S3ArtifactWriter extends ArtifactWriter {
    private final ArtifactStore store;
    private final Path file;
    private final OutputStream out;

    S3ArtifactWriter(ArtifactStore store, Path file) throws IOException {
        this.store = store;
        this.file = file;
        this.out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Override
    public void write(int value) throws IOException {
        out.write(value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
    }

    @Override
    public Digest commit() {
        try (this) {
            out.close();
            return store.putFile(file);
        } catch (IOException e) {
            throw new ArtifactException("cannot store an artifact: " + e, e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            out.close();
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
