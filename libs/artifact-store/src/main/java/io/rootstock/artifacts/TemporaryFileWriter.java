package io.rootstock.artifacts;

import io.rootstock.files.Fsync;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.function.Function;

/**
 * Writes and hashes a temporary file, then publishes it: fsync, read back and compare, rename to the digest's name,
 * fsync of the parent directory. Any failure removes the temporary file.
 */
final class TemporaryFileWriter extends ArtifactWriter {
    private final Path file;
    private final Function<Digest, Path> destination;
    private final FileChannel channel;
    private final MessageDigest hash = Digest.sha256();
    private boolean published;

    TemporaryFileWriter(Path file, Function<Digest, Path> destination) throws IOException {
        this.file = file;
        this.destination = destination;
        this.channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ);
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        hash.update(bytes, offset, length);
    }

    @Override
    public Digest commit() {
        Digest digest = Digest.ofHash(hash.digest());
        Path target = destination.apply(digest);
        try (this) {
            channel.force(true);
            requireWritten(digest);
            makeReadOnly();
            if (!Files.isDirectory(target.getParent())) {
                Files.createDirectories(target.getParent());
                Fsync.directory(target.getParent().getParent());
            }
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
            published = true;
            Fsync.directory(target.getParent());
            return digest;
        } catch (IOException e) {
            throw new ArtifactException("cannot publish artifact " + digest + " at " + target + ": " + e, e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            if (!published) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Reads the file back, to detect bytes that a disk or file system lost. */
    private void requireWritten(Digest digest) throws IOException {
        MessageDigest readBack = Digest.sha256();
        ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
        channel.position(0);
        while (channel.read(buffer.clear()) >= 0) {
            readBack.update(buffer.flip());
        }
        Digest actual = Digest.ofHash(readBack.digest());
        if (!actual.equals(digest)) {
            throw new CorruptArtifactException(digest, file, "was written but reads back as " + actual);
        }
    }

    /**
     * Sets the file read-only: hard links share an artifact's bytes, and an accidental write would change all of them.
     */
    private void makeReadOnly() throws IOException {
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        }
    }
}
