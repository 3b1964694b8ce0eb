package io.rootstock.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jars without the libraries of other platforms. */
final class TrimmedJarTest {
    private static final byte[] X86_64 =
            HexFormat.of().parseHex("7f454c4602010100000000000000000003003e00" + "00".repeat(44));
    private static final byte[] AARCH64 =
            HexFormat.of().parseHex("7f454c460201010000000000000000000300b700" + "00".repeat(44));

    @TempDir
    private Path directory;

    private Path jar;

    @BeforeEach
    void aJarWithLibraries() throws IOException {
        jar = directory.resolve("x.jar");
        Map<String, byte[]> entries = new TreeMap<>(Map.of(
                "META-INF/MANIFEST.MF",
                "Manifest-Version: 1.0\n".getBytes(StandardCharsets.US_ASCII),
                "x/X.class",
                HexFormat.of().parseHex("cafebabe00000045"),
                "linux/amd64/libx.so",
                X86_64,
                "linux/aarch64/libx.so.1",
                AARCH64,
                "freebsd/amd64/libx.so",
                X86_64,
                "win/x.dll",
                HexFormat.of().parseHex("4d5a" + "00".repeat(62)),
                "aix/libx.a",
                new byte[] {1, 2, 3},
                "unused/a.so",
                X86_64));
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
    }

    @Test
    void keepClassesAndTheLibrariesOfThePlatform() throws IOException {
        Path target = directory.resolve("trimmed.jar");
        assertThat(new TrimmedJar(Platform.LINUX_X86_64).write(jar, target, name -> name.startsWith("unused/")))
                .isTrue();
        assertThat(names(target)).containsExactly("META-INF/MANIFEST.MF", "linux/amd64/libx.so", "x/X.class");
        assertThat(new TrimmedJar(Platform.LINUX_X86_64).foreign(target)).isEmpty();
        assertThat(new TrimmedJar(Platform.LINUX_AARCH64).foreign(target)).containsExactly("linux/amd64/libx.so");
    }

    @Test
    void areEqualForEqualJars() throws IOException {
        List<Path> targets = List.of(directory.resolve("1.jar"), directory.resolve("2.jar"));
        for (Path target : targets) {
            assertThat(new TrimmedJar(Platform.LINUX_AARCH64).write(jar, target, name -> false))
                    .isTrue();
        }
        assertThat(targets.getFirst()).hasSameBinaryContentAs(targets.getLast());
    }

    @Test
    void areNotWrittenIfNothingIsRemoved() throws IOException {
        Path trimmed = directory.resolve("1.jar");
        TrimmedJar platform = new TrimmedJar(Platform.LINUX_X86_64);
        assertThat(platform.write(jar, trimmed, name -> false)).isTrue();
        Path again = directory.resolve("2.jar");
        assertThat(platform.write(trimmed, again, name -> false)).isFalse();
        assertThat(again).doesNotExist();
    }

    private static List<String> names(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return Collections.list(zip.entries()).stream()
                    .map(ZipEntry::getName)
                    .sorted()
                    .toList();
        }
    }
}
