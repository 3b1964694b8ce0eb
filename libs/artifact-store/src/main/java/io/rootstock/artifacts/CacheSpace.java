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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Disk space of a cache. Copies are removed to stay within its limit; an artifact that does not fit beside those that must
 * stay is refused before its first byte is fetched. Copies that are hard links use no space and may exceed the limit.
 *
 * <p>The time of last use is the modification time of a small file beside each copy: a copy that is a hard link shares its
 * own times with the linked file. Interrupted copies count and are removed like complete ones.
 */
final class CacheSpace {
    private static final Logger LOG = Logger.getLogger(CacheSpace.class.getName());
    private static final String USED = ".used";
    private static final int HEX_DIGITS = 64;

    private final Path directory;
    private final long limit;
    private final String setting;
    private Set<String> kept = Set.of();
    /** Lengths of the artifacts that are being fetched. */
    private final Map<String, Long> coming = new HashMap<>();

    /** @param setting name of the limit in errors */
    CacheSpace(Path directory, long limit, String setting) {
        this.directory = directory;
        this.limit = limit;
        this.setting = setting;
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
        long total = shrink(hex);
        if (total > limit) {
            LOG.log(
                    Level.WARNING,
                    "artifact cache {0}: served artifacts have {1} bytes, more than the limit of {2}",
                    new Object[] {directory, total, limit});
        }
    }

    /**
     * Reserves space for an artifact that is to be fetched, until {@link #used} or {@link #release}, and removes copies until
     * the cache is within its limit.
     *
     * @param length bytes of the artifact
     * @param present bytes of its interrupted copy
     * @throws CacheFullException if the limit or the free space of the disk is too small
     */
    synchronized void reserve(Digest digest, long length, long present) throws IOException {
        String hex = digest.hex();
        coming.remove(hex);
        List<Copy> copies = copies();
        long unwritten = unwritten(copies);
        long staying = unwritten
                + copies.stream()
                        .filter(copy -> isStaying(copy) && !copy.hex().equals(hex))
                        .mapToLong(Copy::bytes)
                        .sum();
        if (length > limit - staying) {
            throw new CacheFullException(
                    "artifact " + digest + " of " + length + " bytes does not fit into " + directory
                            + ", which may have " + limit + " bytes, " + staying
                            + " of them for artifacts in use; raise " + setting + ", up to the size of the volume");
        }
        coming.put(hex, length);
        long _ = shrink(hex);
        long free = Files.getFileStore(directory).getUsableSpace() - unwritten;
        if (free < length - present) {
            coming.remove(hex);
            throw new CacheFullException("artifact " + digest + " needs " + (length - present) + " more bytes in "
                    + directory + ", where " + Math.max(0, free) + " are free; use a larger volume, and set " + setting
                    + " to its size");
        }
    }

    /** Ends the reservation of an artifact, if there is one. */
    synchronized void release(Digest digest) {
        coming.remove(digest.hex());
    }

    synchronized List<StoredArtifact> prune(Instant limit, boolean apply) throws IOException {
        List<StoredArtifact> found = new ArrayList<>();
        for (Copy copy : copies()) {
            Optional<Digest> digest = Digest.find("sha256:" + copy.hex());
            if (digest.isEmpty() || isStaying(copy)) {
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

    /** Removes copies, least recently used first, until the cache is within its limit; returns its size. */
    private long shrink(String newest) throws IOException {
        List<Copy> copies = copies();
        long total = unwritten(copies) + copies.stream().mapToLong(Copy::bytes).sum();
        for (Copy copy : copies) {
            if (total <= limit) {
                break;
            }
            if (!isStaying(copy) && !copy.hex().equals(newest)) {
                Files.deleteIfExists(copy.file());
                Files.deleteIfExists(directory.resolve(copy.hex() + USED));
                LOG.info("artifact cache: removed " + copy.file().getFileName() + ", " + copy.bytes() + " bytes");
                total -= copy.bytes();
            }
        }
        return total;
    }

    private boolean isStaying(Copy copy) {
        return kept.contains(copy.hex()) || coming.containsKey(copy.hex());
    }

    /** Bytes that running fetches have still to write. */
    private long unwritten(List<Copy> copies) {
        Map<String, Long> rest = new HashMap<>(coming);
        copies.forEach(copy -> rest.computeIfPresent(copy.hex(), (_, length) -> Math.max(0, length - copy.bytes())));
        return rest.values().stream().mapToLong(Long::longValue).sum();
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
