package io.rootstock.artifacts;

import io.rootstock.files.AtomicFile;
import io.rootstock.files.Fsync;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Artifacts as files: {@code root/sha256/ab/cdef...}, written to {@code root/temporary} first; documents as
 * {@code root/documents/NAME}.
 *
 * <p>Invariants: a file below {@code sha256} is complete and durable before it gets its name; files get there only by
 * rename, so that a reader never sees a partial file and a second writer of the same content changes nothing; storing
 * the content again replaces a corrupt file. Opening a store removes temporary files that were not modified for a day,
 * because their writer was killed.
 */
public final class DirectoryArtifactStore implements ArtifactStore {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final Duration ABANDONED_AFTER = Duration.ofDays(1);

    private static final int TOUCH_ATTEMPTS = 5;
    private static final long TOUCH_PAUSE_NANOS = 1_000_000;

    private final Path root;
    private final Path temporary;

    /** Opens the store at {@code root}, which is created if it does not exist. */
    public DirectoryArtifactStore(Path root) {
        this.root = root.toAbsolutePath().normalize();
        this.temporary = this.root.resolve("temporary");
        try {
            Files.createDirectories(temporary);
            Files.createDirectories(this.root.resolve("sha256"));
            deleteTemporary(Instant.now().minus(ABANDONED_AFTER));
        } catch (IOException e) {
            throw new ArtifactException("cannot open the artifact store " + this.root + ": " + e, e);
        }
    }

    @Override
    public Digest putFile(Path file) {
        try (ArtifactWriter writer = create()) {
            try (InputStream in = Files.newInputStream(file)) {
                copy(in, writer);
            }
            return writer.commit();
        } catch (NoSuchFileException e) {
            throw new ArtifactException("cannot store " + file + ": file not found", e);
        } catch (IOException e) {
            throw new ArtifactException("cannot store " + file + " in " + root + ": " + e, e);
        }
    }

    @Override
    public ArtifactWriter create() {
        try {
            return new TemporaryFileWriter(temporary.resolve(UUID.randomUUID().toString()), this::fileOf);
        } catch (IOException e) {
            throw new ArtifactException("cannot write to the artifact store " + root + ": " + e, e);
        }
    }

    @Override
    public boolean contains(Digest digest) {
        return Files.isRegularFile(fileOf(digest), LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public long size(Digest digest) {
        try {
            return Files.size(fileOf(digest));
        } catch (NoSuchFileException e) {
            throw missing(digest, e);
        } catch (IOException e) {
            throw unreadable(digest, e);
        }
    }

    @Override
    public Path verified(Digest digest) {
        Path file = fileOf(digest);
        try {
            requireSame(digest, Digest.ofFile(file), file);
        } catch (NoSuchFileException e) {
            throw missing(digest, e);
        } catch (IOException e) {
            throw unreadable(digest, e);
        }
        return file;
    }

    @Override
    public long length(Digest digest) {
        return size(digest);
    }

    @Override
    public InputStream open(Digest digest, long offset) throws IOException {
        SeekableByteChannel channel;
        try {
            channel = Files.newByteChannel(fileOf(digest), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            throw missing(digest, e);
        }
        return Channels.newInputStream(channel.position(offset));
    }

    @Override
    public boolean link(Digest digest, Path target) {
        try {
            Files.createLink(target, fileOf(digest));
            return true;
        } catch (NoSuchFileException e) {
            throw missing(digest, e);
        } catch (UnsupportedOperationException | IOException e) {
            // Another file system, or one without hard links.
            return false;
        }
    }

    @Override
    public byte[] readAll(Digest digest) {
        Path file = fileOf(digest);
        if (size(digest) > READ_ALL_LIMIT_BYTES) {
            throw new ArtifactException("artifact " + digest + " is too large to be read at once: " + size(digest)
                    + " bytes, at most " + READ_ALL_LIMIT_BYTES);
        }
        try {
            byte[] bytes = Files.readAllBytes(file);
            requireSame(digest, Digest.of(bytes), file);
            return bytes;
        } catch (NoSuchFileException e) {
            throw missing(digest, e);
        } catch (IOException e) {
            throw unreadable(digest, e);
        }
    }

    @Override
    public void renew(Digest digest) {
        touch(digest);
        Reachability reachable = new Reachability(this);
        reachable.add(List.of(digest));
        reachable.digests().stream().filter(this::contains).forEach(this::touch);
    }

    @Override
    public void list(Consumer<StoredArtifact> each) {
        try (DirectoryStream<Path> prefixes = Files.newDirectoryStream(root.resolve("sha256"))) {
            for (Path prefix : prefixes) {
                listFolder(prefix, each);
            }
        } catch (DirectoryIteratorException | IOException e) {
            throw new ArtifactException("cannot list the artifact store " + root + ": " + e, e);
        }
    }

    @Override
    public OptionalLong removeIfOlder(Digest digest, Instant limit) {
        Path file = fileOf(digest);
        Path removed = temporary.resolve("removed-" + UUID.randomUUID());
        try {
            if (!isOlder(file, limit)) {
                return OptionalLong.empty();
            }
            // The decision is made on the renamed file: a concurrent writer either renewed it, or creates a new file.
            Files.move(file, removed, StandardCopyOption.ATOMIC_MOVE);
            if (!isOlder(removed, limit)) {
                restore(removed, file);
                return OptionalLong.empty();
            }
            long bytes = Files.size(removed);
            Files.delete(removed);
            return OptionalLong.of(bytes);
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        } catch (IOException e) {
            throw new ArtifactException("cannot remove artifact " + digest + " at " + file + ": " + e, e);
        }
    }

    @Override
    public long removeAbandoned(Instant limit) {
        try {
            return deleteTemporary(limit);
        } catch (IOException e) {
            throw new ArtifactException("cannot remove abandoned files of the artifact store " + root + ": " + e, e);
        }
    }

    @Override
    public List<String> documents() {
        try (Stream<Path> files = Files.list(documentFolder())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new ArtifactException("cannot list the documents of the artifact store " + root + ": " + e, e);
        }
    }

    @Override
    public Optional<String> document(String name) {
        ArtifactStore.requireDocument(name, "");
        try {
            return Optional.of(Files.readString(documentFolder().resolve(name)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new ArtifactException("cannot read the document " + name + " of " + root + ": " + e, e);
        }
    }

    @Override
    public void putDocument(String name, String text) {
        ArtifactStore.requireDocument(name, text);
        try {
            AtomicFile.write(Files.createDirectories(documentFolder()).resolve(name), text);
            Fsync.directory(root);
        } catch (IOException e) {
            throw new ArtifactException("cannot write the document " + name + " in " + root + ": " + e, e);
        }
    }

    @Override
    public void removeDocument(String name) {
        ArtifactStore.requireDocument(name, "");
        try {
            if (Files.deleteIfExists(documentFolder().resolve(name))) {
                Fsync.directory(documentFolder());
            }
        } catch (IOException e) {
            throw new ArtifactException("cannot remove the document " + name + " of " + root + ": " + e, e);
        }
    }

    private Path documentFolder() {
        return root.resolve("documents");
    }

    private static boolean isOlder(Path file, Instant limit) throws IOException {
        return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                .toInstant()
                .isBefore(limit);
    }

    /** Gives a renewed file its name back, unless a writer has stored the content again. */
    private static void restore(Path removed, Path file) throws IOException {
        if (Files.exists(file)) {
            Files.delete(removed);
        } else {
            Files.move(removed, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static void listFolder(Path prefix, Consumer<StoredArtifact> each) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(prefix)) {
            for (Path file : files) {
                String hex = prefix.getFileName().toString() + file.getFileName();
                Optional<Digest> digest = Digest.find("sha256:" + hex);
                try {
                    BasicFileAttributes attributes =
                            Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                    digest.ifPresent(found -> each.accept(new StoredArtifact(
                            found,
                            attributes.size(),
                            attributes.lastModifiedTime().toInstant())));
                } catch (NoSuchFileException e) {
                    // Another process removed the file.
                }
            }
        }
    }

    /**
     * Sets the time of an artifact to now. A collector that renames the file between its opening and the change of its time
     * may have decided on the old time: the change counts only if the file still has its name afterwards.
     */
    private void touch(Digest digest) {
        Path file = fileOf(digest);
        for (int attempt = 1; ; attempt++) {
            try {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
                if (contains(digest)) {
                    return;
                }
                throw new NoSuchFileException(file.toString());
            } catch (NoSuchFileException e) {
                if (attempt == TOUCH_ATTEMPTS) {
                    throw missing(digest, e);
                }
                // The collector may be giving it back its name.
                LockSupport.parkNanos(TOUCH_PAUSE_NANOS);
            } catch (IOException e) {
                throw unreadable(digest, e);
            }
        }
    }

    /** A {@code Digest} is validated on construction, so this path is always inside the root. */
    private Path fileOf(Digest digest) {
        String hex = digest.hex();
        return root.resolve("sha256").resolve(hex.substring(0, 2)).resolve(hex.substring(2));
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            out.write(buffer, 0, count);
        }
    }

    private long deleteTemporary(Instant limit) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.list(temporary)) {
            for (Path file : files.toList()) {
                try {
                    if (isOlder(file, limit)) {
                        bytes += Files.size(file);
                        Files.deleteIfExists(file);
                    }
                } catch (NoSuchFileException e) {
                    // Its writer has renamed it, or another process removed it.
                }
            }
        }
        return bytes;
    }

    private static void requireSame(Digest expected, Digest actual, Path file) {
        if (!expected.equals(actual)) {
            throw new CorruptArtifactException(expected, file, "hashes to " + actual);
        }
    }

    private NoSuchArtifactException missing(Digest digest, NoSuchFileException cause) {
        NoSuchArtifactException exception = new NoSuchArtifactException(digest, root.toString());
        exception.initCause(cause);
        return exception;
    }

    private UnreadableArtifactException unreadable(Digest digest, IOException cause) {
        return new UnreadableArtifactException(
                "cannot read artifact " + digest + " at " + fileOf(digest) + ": " + cause, cause);
    }
}
