package io.rootstock.artifacts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Disk space of a cache. The time of last use is the modification time of a small file beside each copy: a copy that is
 * a hard link shares its own times with the linked file. Interrupted copies count and are removed like complete ones.
 */
final class CacheSpace {
    private static final Logger LOG = Logger.getLogger(CacheSpace.class.getName());
    private static final String USED = ".used";
    private static final int HEX_DIGITS = 64;

    private final Path directory;
    private final long limit;
    private Set<String> kept = Set.of();
    private final Set<String> coming = new HashSet<>();

    CacheSpace(Path directory, long limit) {
        this.directory = directory;
        this.limit = limit;
    }

    private record Copy(Path file, String hex, long bytes, FileTime used) {}

    synchronized void keep(Set<Digest> digests) {
        Set<String> names = new HashSet<>();
        digests.forEach(digest -> names.add(digest.hex()));
        kept = names;
    }

    long bytes() {
        try {
            return copies().stream().mapToLong(Copy::bytes).sum();
        } catch (IOException e) {
            throw new ArtifactException("cannot read the artifact cache " + directory + ": " + e, e);
        }
    }

    /** Sets the copy's time of last use to now, and removes copies until the cache is within its limit. */
    synchronized void used(Path file) throws IOException {
        String hex = file.getFileName().toString();
        Path mark = directory.resolve(hex + USED);
        if (!Files.exists(mark)) {
            Files.createFile(mark);
        }
        Files.setLastModifiedTime(mark, FileTime.from(Instant.now()));
        coming.remove(hex);
        shrink(0, hex);
    }

    /**
     * Frees space for {@code bytes} more bytes of an artifact.
     *
     * @throws ArtifactException if the disk has fewer free bytes
     */
    synchronized void makeRoom(long bytes, Digest digest) throws IOException {
        coming.add(digest.hex());
        shrink(bytes, digest.hex());
        long free = Files.getFileStore(directory).getUsableSpace();
        if (free < bytes) {
            throw new ArtifactException("artifact " + digest + " needs " + bytes + " more bytes in " + directory
                    + ", where " + free + " are free");
        }
    }

    synchronized List<StoredArtifact> prune(Instant limit, boolean apply) throws IOException {
        List<StoredArtifact> found = new ArrayList<>();
        for (Copy copy : copies()) {
            Optional<Digest> digest = Digest.find("sha256:" + copy.hex());
            if (digest.isEmpty() || kept.contains(copy.hex()) || coming.contains(copy.hex())) {
                continue;
            }
            Instant used = copy.used().toInstant();
            found.add(new StoredArtifact(digest.get(), copy.bytes(), used));
            if (apply && used.isBefore(limit)) {
                Files.deleteIfExists(copy.file());
                Files.deleteIfExists(directory.resolve(copy.hex() + USED));
            }
        }
        return found;
    }

    private void shrink(long more, String newest) throws IOException {
        List<Copy> copies = copies();
        long total = more + copies.stream().mapToLong(Copy::bytes).sum();
        for (Copy copy : copies) {
            if (total <= limit) {
                return;
            }
            if (!kept.contains(copy.hex())
                    && !coming.contains(copy.hex())
                    && !copy.hex().equals(newest)) {
                Files.deleteIfExists(copy.file());
                Files.deleteIfExists(directory.resolve(copy.hex() + USED));
                LOG.info("artifact cache: removed " + copy.file().getFileName() + ", " + copy.bytes() + " bytes");
                total -= copy.bytes();
            }
        }
        if (total > limit) {
            LOG.log(
                    Level.WARNING,
                    "artifact cache {0}: served artifacts need {1} bytes, more than the limit of {2}",
                    new Object[] {directory, total, limit});
        }
    }

    /** Complete and interrupted copies, least recently used first. */
    private List<Copy> copies() throws IOException {
        List<Copy> copies = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(USED) || name.length() < HEX_DIGITS) {
                    continue;
                }
                String hex = name.substring(0, HEX_DIGITS);
                try {
                    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                    copies.add(new Copy(file, hex, attributes.size(), lastUse(hex, attributes)));
                } catch (NoSuchFileException e) {
                    // Another process removed the file.
                }
            }
        }
        copies.sort(Comparator.comparing(Copy::used));
        return copies;
    }

    private FileTime lastUse(String hex, BasicFileAttributes attributes) throws IOException {
        try {
            return Files.getLastModifiedTime(directory.resolve(hex + USED));
        } catch (NoSuchFileException e) {
            return attributes.lastModifiedTime();
        }
    }
}
