package io.rootstock.artifacts;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Verified copies of artifacts in a local directory. Reading a copy does not access the source. An interrupted copy
 * resumes at its last byte, also after a restart. When the cache exceeds its limit, the least recently used copies are
 * removed, except those set by {@link #keep}; an artifact that does not fit beside them is not fetched. Threads and processes may
 * share the directory.
 */
public final class ArtifactCache {
    private static final String PARTIAL = ".part";

    private final Path directory;
    private final ArtifactSource source;
    private final CacheSpace space;
    private final Map<Digest, ReentrantLock> fetching = new ConcurrentHashMap<>();
    /** Copies that this process has already hashed: hashing gigabytes again would take CPU time from inference. */
    private final Map<Digest, Seen> verified = new ConcurrentHashMap<>();

    /** Identity of a file and its contents: file key, length and modification time. */
    private record Seen(Object key, long bytes, FileTime modified) {
        static Seen of(Path file) throws IOException {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return new Seen(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
        }
    }

    /**
     * Opens the cache in this directory, which is created if it does not exist.
     *
     * @param limit maximum size in bytes, which only hard links to a source on the same file system may exceed
     */
    public ArtifactCache(Path directory, ArtifactSource source, long limit) {
        this(directory, source, limit, "the limit of the cache");
    }

    /**
     * Opens the cache in this directory, which is created if it does not exist.
     *
     * @param limit maximum size in bytes, which only hard links to a source on the same file system may exceed
     * @param setting name of the limit, for the error of an artifact that does not fit
     */
    public ArtifactCache(Path directory, ArtifactSource source, long limit, String setting) {
        this.directory = directory.toAbsolutePath().normalize();
        this.source = source;
        try {
            Files.createDirectories(this.directory);
        } catch (IOException e) {
            throw new ArtifactException("cannot make the artifact cache " + this.directory + ": " + e, e);
        }
        this.space = new CacheSpace(this.directory, limit, setting);
    }

    /** Replaces the set of artifacts that must not be removed. */
    public void keep(Set<Digest> digests) {
        space.keep(digests);
    }

    /**
     * Finds, and removes if {@code apply} is set, all copies that are not set by {@link #keep}, complete or interrupted,
     * that were last used before {@code limit}. A removed copy is fetched again when it is needed.
     *
     * @return the copies, each with the time of its last use
     */
    public List<StoredArtifact> prune(Instant limit, boolean apply) {
        try {
            return space.prune(limit, apply);
        } catch (IOException e) {
            throw new ArtifactException("cannot prune the artifact cache " + directory + ": " + e, e);
        }
    }

    /** Size of the cache in bytes. */
    public long bytes() {
        return space.bytes();
    }

    /**
     * Returns the artifact's verified file, which must not be written to. The file is hashed unless it is unchanged
     * since its last verification. A missing or damaged copy is fetched from the source.
     *
     * @throws NoSuchArtifactException if the source does not have the artifact
     * @throws CorruptArtifactException if the source's bytes do not match the digest
     * @throws FetchCancelledException if the fetch is cancelled
     * @throws CacheFullException if the limit of the cache or the disk is too small for the artifact
     * @throws ArtifactException if the source is unavailable or the disk is full
     */
    public Path fetch(Digest digest, FetchProgress progress) {
        Path file = directory.resolve(digest.hex());
        ReentrantLock lock = fetching.computeIfAbsent(digest, _ -> new ReentrantLock());
        lock.lock();
        try {
            if (!holds(file, digest)) {
                fill(file, digest, progress);
            }
            space.used(file);
            return file;
        } catch (IOException e) {
            throw new ArtifactException("cannot fetch artifact " + digest + ": " + e, e);
        } finally {
            space.release(digest);
            lock.unlock();
        }
    }

    /** Returns whether an intact copy exists; removes a damaged one. */
    private boolean holds(Path file, Digest digest) throws IOException {
        Seen seen;
        try {
            seen = Seen.of(file);
            if (seen.equals(verified.get(digest)) || Digest.ofFile(file).equals(digest)) {
                verified.put(digest, seen);
                return true;
            }
        } catch (NoSuchFileException e) {
            return false;
        }
        verified.remove(digest);
        // A reader that has the damaged file open can continue to read it; the name becomes free for an intact copy.
        Files.deleteIfExists(file);
        return false;
    }

    private void fill(Path file, Digest digest, FetchProgress progress) throws IOException {
        if (linked(file, digest)) {
            return;
        }
        Path partial = directory.resolve(digest.hex() + PARTIAL);
        try (FileChannel channel = FileChannel.open(
                        partial, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            // Another process that held the lock may have finished the same artifact.
            if (holds(file, digest)) {
                return;
            }
            new Download(source, digest, partial, channel, space).run(progress);
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (CorruptArtifactException | NoSuchArtifactException e) {
            Files.deleteIfExists(partial);
            throw e;
        }
    }

    /**
     * Creates a hard link if the source is on the same file system: the bytes remain when the source deletes the file.
     */
    private boolean linked(Path file, Digest digest) throws IOException {
        Path candidate =
                directory.resolve(digest.hex() + "." + ProcessHandle.current().pid() + ".link");
        Files.deleteIfExists(candidate);
        if (!source.link(digest, candidate)) {
            return false;
        }
        try {
            Digest actual = Digest.ofFile(candidate);
            if (!actual.equals(digest)) {
                throw new CorruptArtifactException(digest, candidate, "hashes to " + actual);
            }
            Files.move(candidate, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return true;
        } finally {
            Files.deleteIfExists(candidate);
        }
    }
}
