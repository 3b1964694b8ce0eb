package io.rootstock.artifacts;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The complete copies in the directory of an {@link ArtifactCache}, as a source for others: a copy has its name only when
 * it is complete.
 */
public record CachedCopies(Path directory) implements ArtifactSource {
    @Override
    public long length(Digest digest) throws IOException {
        try {
            return Files.size(directory.resolve(digest.hex()));
        } catch (NoSuchFileException _) {
            throw new NoSuchArtifactException(digest, directory.toString());
        }
    }

    @Override
    public InputStream open(Digest digest, long offset) throws IOException {
        try {
            return Channels.newInputStream(
                    FileChannel.open(directory.resolve(digest.hex())).position(offset));
        } catch (NoSuchFileException _) {
            throw new NoSuchArtifactException(digest, directory.toString());
        }
    }
}
