package io.rootstock.dist;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Writes a folder as {@code .tar.zst}. Equal folders give equal bytes: entries are sorted, have one owner and one time, and
 * one of two modes. Files of equal content are stored once; the others are hard links to the first.
 */
final class Archive {
    /** zstd's highest level without options for the decompression of large windows. */
    private static final int LEVEL = 19;
    /** The output does not depend on the number of workers, but is another one than without workers. */
    private static final int WORKERS = 2;

    private static final int EXECUTABLE = 0755;
    private static final int PLAIN = 0644;

    private final Instant time;
    private final Map<String, String> stored = new HashMap<>();

    /** @param time modification time of all entries */
    Archive(Instant time) {
        this.time = time;
    }

    /** Writes the folder, under its own name. */
    void write(Path folder, Path target) throws IOException {
        List<Path> paths;
        try (Stream<Path> all = Files.walk(folder)) {
            paths = all.sorted((a, b) -> a.toString().compareTo(b.toString())).toList();
        }
        try (OutputStream file = Files.newOutputStream(target);
                ZstdOutputStream zstd = new ZstdOutputStream(file, LEVEL).setWorkers(WORKERS);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(zstd, StandardCharsets.UTF_8.name())) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            for (Path path : paths) {
                add(tar, path, folder.getParent().relativize(path).toString());
            }
        }
    }

    private void add(TarArchiveOutputStream tar, Path path, String name) throws IOException {
        if (Files.isSymbolicLink(path)) {
            TarArchiveEntry link = entry(new TarArchiveEntry(name, TarConstants.LF_SYMLINK), 0777);
            link.setLinkName(Files.readSymbolicLink(path).toString());
            tar.putArchiveEntry(link);
        } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            tar.putArchiveEntry(entry(new TarArchiveEntry(name + "/"), EXECUTABLE));
        } else {
            int mode = Files.isExecutable(path) ? EXECUTABLE : PLAIN;
            String first = stored.putIfAbsent(Digests.sha256(path) + mode, name);
            if (first != null) {
                TarArchiveEntry link = entry(new TarArchiveEntry(name, TarConstants.LF_LINK), mode);
                link.setLinkName(first);
                tar.putArchiveEntry(link);
            } else {
                TarArchiveEntry file = entry(new TarArchiveEntry(name), mode);
                file.setSize(Files.size(path));
                tar.putArchiveEntry(file);
                Files.copy(path, tar);
            }
        }
        tar.closeArchiveEntry();
    }

    private TarArchiveEntry entry(TarArchiveEntry entry, int mode) {
        entry.setMode(mode);
        entry.setIds(0, 0);
        entry.setNames("root", "root");
        entry.setLastModifiedTime(FileTime.from(time));
        return entry;
    }

    /** Writes the digest of a file beside it, in the format of {@code sha256sum}. */
    static void writeDigest(Path file) {
        try {
            Files.writeString(
                    file.resolveSibling(file.getFileName() + ".sha256"),
                    Digests.sha256(file) + "  " + file.getFileName() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
