package io.rootstock.inference.peer;

import io.rootstock.artifacts.ArtifactSource;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.NoSuchArtifactException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Reads artifacts from a source, and from another one while the first fails. An artifact that the first source does not
 * have is not looked for in the other. If both fail, the error is the first source's.
 */
public record FallbackArtifactSource(ArtifactSource first, ArtifactSource other) implements ArtifactSource {
    @Override
    public long length(Digest digest) throws IOException {
        return read(source -> source.length(digest));
    }

    @Override
    public InputStream open(Digest digest, long offset) throws IOException {
        return read(source -> source.open(digest, offset));
    }

    @Override
    public boolean link(Digest digest, Path target) throws IOException {
        return first.link(digest, target);
    }

    @FunctionalInterface
    private interface Read<T> {
        T from(ArtifactSource source) throws IOException;
    }

    private <T> T read(Read<T> read) throws IOException {
        try {
            return read.from(first);
        } catch (IOException e) {
            try {
                return read.from(other);
            } catch (IOException | NoSuchArtifactException alsoFailed) {
                e.addSuppressed(alsoFailed);
                throw e;
            }
        }
    }
}
