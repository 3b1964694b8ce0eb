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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Verified copies of artifacts in a directory of one's own, so that whoever reads them needs their source no longer. A
 * copy that was interrupted goes on where it stopped, also after a restart. The least recently used copies go when the
 * cache outgrows its limit, but never those that are to be kept. Threads and processes may share the directory.
 */
public final class ArtifactCache {
    private static final String PARTIAL = ".part";

    private final Path directory;
    private final ArtifactSource source;
    private final CacheSpace space;
    private final Map<Digest, ReentrantLock> fetching = new ConcurrentHashMap<>();
    /** Copies that this process has hashed: hashing gigabytes again would take the processor from those who serve. */
    private final Map<Digest, Seen> verified = new ConcurrentHashMap<>();

    /** What tells a file from another, or from itself after it was written to. */
    private record Seen(Object key, long bytes, FileTime modified) {
        static Seen of(Path file) throws IOException {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return new Seen(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
        }
    }

    /**
     * A cache in this directory, which is made if it is not there.
     *
     * @param limit most bytes, but for what must be kept
     */
    public ArtifactCache(Path directory, ArtifactSource source, long limit) {
        this.directory = directory.toAbsolutePath().normalize();
        this.source = source;
        try {
            Files.createDirectories(this.directory);
        } catch (IOException e) {
            throw new ArtifactException("cannot make the artifact cache " + this.directory + ": " + e, e);
        }
        this.space = new CacheSpace(this.directory, limit);
    }

    /** Says which artifacts must stay from now on, in the place of what was said before. */
    public void keep(Set<Digest> digests) {
        space.keep(digests);
    }

    /** Bytes in the cache. */
    public long bytes() {
        return space.bytes();
    }

    /**
     * The artifact's file, verified, just now or since it was last written; never to be written to. It comes from the source where the cache does not
     * hold it, and again where the cache's copy is damaged.
     *
     * @throws NoSuchArtifactException if the source does not hold it
     * @throws CorruptArtifactException if the source's bytes are not those it is named after
     * @throws FetchCancelledException if it is no longer wanted
     * @throws ArtifactException if the source stays away, or the disk is full
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
            lock.unlock();
        }
    }

    /** Whether an intact copy is there; a damaged one is removed. */
    private boolean holds(Path file, Digest digest) throws IOException {
        Seen seen;
        try {
            seen = Seen.of(file);
            if (seen.equals(verified.get(digest)) || Digests.of(file).equals(digest)) {
                verified.put(digest, seen);
                return true;
            }
        } catch (NoSuchFileException e) {
            return false;
        }
        verified.remove(digest);
        // Whoever reads the damaged file goes on reading it; the name is free for an intact one.
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

    /** Where the source is on the same file system a second name is enough: the bytes stay though the source forgets them. */
    private boolean linked(Path file, Digest digest) throws IOException {
        Path candidate =
                directory.resolve(digest.hex() + "." + ProcessHandle.current().pid() + ".link");
        Files.deleteIfExists(candidate);
        if (!source.link(digest, candidate)) {
            return false;
        }
        try {
            Digest actual = Digests.of(candidate);
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
