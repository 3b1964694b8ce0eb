package io.rootstock.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives of equal folders are equal. */
final class ArchiveTest {
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    private Path directory;

    @Test
    void equalFoldersGiveEqualBytes() throws IOException {
        Path first = archive(folder("one", "2020-01-01T00:00:00Z", "rwx------", "rw-------"));
        Path second = archive(folder("two", "2021-01-01T00:00:00Z", "rwxrwxr-x", "rw-rw-r--"));
        assertThat(first).hasSameBinaryContentAs(second);
        Archive.writeDigest(first);
        assertThat(first.resolveSibling("x.tar.zst.sha256")).hasContent(Digests.sha256(first) + "  x.tar.zst");
    }

    @Test
    void entriesAreSortedOwnedByRootAndOfOneTime() throws IOException {
        List<TarArchiveEntry> entries =
                TarContent.of(archive(folder("one", "2020-01-01T00:00:00Z", "rwx------", "rw-------")));
        assertThat(entries)
                .extracting(TarArchiveEntry::getName)
                .containsExactly("x/", "x/a", "x/b/", "x/b/copy", "x/b/link", "x/program");
        assertThat(entries).allSatisfy(entry -> {
            assertThat(entry.getLastModifiedTime().toInstant()).isEqualTo(TIME);
            assertThat(entry.getLongUserId()).isZero();
            assertThat(entry.getLongGroupId()).isZero();
        });
        assertThat(entries.get(1).getMode() & 0777).isEqualTo(0644);
        assertThat(entries.get(5).getMode() & 0777).isEqualTo(0755);
        assertThat(entries.get(3).isLink()).as("equal content is stored once").isTrue();
        assertThat(entries.get(3).getLinkName()).isEqualTo("x/a");
        assertThat(entries.get(4).isSymbolicLink()).isTrue();
        assertThat(entries.get(4).getLinkName()).isEqualTo("../a");
    }

    private Path archive(Path folder) throws IOException {
        Path file = folder.resolveSibling("x.tar.zst");
        new Archive(TIME).write(folder, file);
        return file;
    }

    private Path folder(String parent, String time, String program, String plain) throws IOException {
        Path folder = Files.createDirectories(directory.resolve(parent).resolve("x"));
        Files.createDirectories(folder.resolve("b"));
        file(folder.resolve("program"), "#!/bin/sh\n", time, program);
        file(folder.resolve("b/copy"), "content", time, plain);
        file(folder.resolve("a"), "content", time, plain);
        Files.createSymbolicLink(folder.resolve("b/link"), Path.of("../a"));
        return folder;
    }

    private static void file(Path file, String content, String time, String mode) throws IOException {
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse(time)));
    }
}
