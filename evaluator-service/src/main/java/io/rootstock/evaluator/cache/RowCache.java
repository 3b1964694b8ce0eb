package io.rootstock.evaluator.cache;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Row cache of an evaluator: one file per model artifact, engine build and task. Beyond the limit, the files used longest
 * ago are removed.
 */
public final class RowCache {
    private static final String SUFFIX = ".jsonl";

    private final Path folder;
    private final long limit;

    /**
     * Opens the cache in a folder, which is created if it does not exist.
     *
     * @param limit maximum size in bytes
     */
    public RowCache(Path folder, long limit) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.limit = limit;
    }

    /**
     * Key of a task's cache file: everything besides the rows that the responses depend on.
     *
     * @param version models/{m}/versions/{n}, which names an adapter's base or a classifier's head; empty for a file that is
     *     complete
     * @param digest digest of the served artifact
     * @param engine build of the engine
     * @param task name of the task
     */
    public record Key(String version, String digest, String engine, String task) {
        private String fileName() {
            try {
                MessageDigest hash = MessageDigest.getInstance("SHA-256");
                for (String part : List.of(version, digest, engine, task)) {
                    hash.update(part.getBytes(StandardCharsets.UTF_8));
                    hash.update((byte) 0);
                }
                return HexFormat.of().formatHex(hash.digest()) + SUFFIX;
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Opens the cached responses of a task, after removing old files beyond the limit. One process at a time. */
    public TaskCache open(Key key) throws IOException {
        Path file = folder.resolve(key.fileName());
        if (Files.exists(file)) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        }
        long others = prune(file);
        return new TaskCache(file, Math.max(0, limit - others));
    }

    private record Entry(Path file, long bytes, FileTime used) {}

    /** Removes old files until the rest is within the limit; returns the size of the others that are left. */
    private long prune(Path opened) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(SUFFIX)).toList()) {
                BasicFileAttributes attributes =
                        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                entries.add(new Entry(file, attributes.size(), attributes.lastModifiedTime()));
            }
        }
        entries.sort(Comparator.comparing(Entry::used));
        long total = entries.stream().mapToLong(Entry::bytes).sum();
        long others = entries.stream()
                .filter(entry -> !entry.file().equals(opened))
                .mapToLong(Entry::bytes)
                .sum();
        // Half of the limit stays free for the opened file, so that a full cache makes room for new responses.
        long opens = total - others;
        for (Entry entry : entries) {
            if (others + Math.max(opens, limit / 2) <= limit) {
                break;
            }
            if (!entry.file().equals(opened)) {
                Files.delete(entry.file());
                others -= entry.bytes();
            }
        }
        if (opens > limit) {
            Files.delete(opened);
        }
        return others;
    }
}
