package io.rootstock.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.dist.NativeFile.Format;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Headers of native files, and shared libraries without sections. */
final class NativeFileTest {
    @TempDir
    private Path directory;

    @Test
    void headersNameFormatAndProcessor() {
        assertThat(header("7f454c4602010100000000000000000003003e00"))
                .contains(new NativeFile(Format.ELF, 0x3e))
                .hasValueSatisfying(file -> {
                    assertThat(Platform.LINUX_X86_64.runs(file)).isTrue();
                    assertThat(Platform.LINUX_AARCH64.runs(file)).isFalse();
                });
        assertThat(header("7f454c460201010000000000000000000300b700"))
                .hasValueSatisfying(
                        file -> assertThat(Platform.LINUX_AARCH64.runs(file)).isTrue());
        assertThat(header("7f454c4602020100000000000000000000030015"))
                .as("big-endian PowerPC")
                .contains(new NativeFile(Format.ELF, 0x15));
        assertThat(header("cffaedfe0c000001"))
                .hasValueSatisfying(
                        file -> assertThat(Platform.MACOS_ARM64.runs(file)).isTrue());
        assertThat(header("cafebabe00000002"))
                .as("Mach-O for two processors")
                .hasValueSatisfying(
                        file -> assertThat(Platform.MACOS_ARM64.runs(file)).isTrue());
        assertThat(header("4d5a9000")).contains(new NativeFile(Format.PE, 0));
        assertThat(header("cafebabe00000045")).as("a class file").isEmpty();
        assertThat(header("504b0304")).as("a jar").isEmpty();
        assertThat(NativeFile.of(new byte[3])).isEmpty();
    }

    @Test
    void aSystemIsNamedByTheFolderWhereHeadersAreEqual() {
        NativeFile file = new NativeFile(Format.ELF, 0x3e);
        assertThat(Platform.LINUX_X86_64.runs("linux/amd64/libx.so", file)).isTrue();
        assertThat(Platform.LINUX_X86_64.runs("freebsd/amd64/libx.so", file)).isFalse();
    }

    @Test
    void unknownPlatformsAreRefused() {
        assertThat(Platform.of("linux-aarch64")).isEqualTo(Platform.LINUX_AARCH64);
        assertThatThrownBy(() -> Platform.of("linux-arm"))
                .hasMessage("unknown platform 'linux-arm'; known platforms: linux-x86_64, linux-aarch64, macos-arm64");
    }

    @Test
    void aLibraryWithoutSectionsIsSmallerAndLoads() throws IOException {
        Path published = Path.of(System.getProperty("java.home"), "lib/server/libjvm.so");
        Path library = Files.copy(published, directory.resolve("libcut.so"));
        ElfSections.cut(library);
        assertThat(Files.size(library)).isLessThan(Files.size(published));
        assertThat(NativeFile.read(library))
                .isEqualTo(NativeFile.read(published))
                .isPresent();
        try (Arena arena = Arena.ofConfined()) {
            assertThat(SymbolLookup.libraryLookup(library, arena).find("JNI_CreateJavaVM"))
                    .isPresent();
        }
        byte[] once = Files.readAllBytes(library);
        ElfSections.cut(library);
        assertThat(Files.readAllBytes(library)).as("cut twice").isEqualTo(once);
    }

    @Test
    void otherFilesAreNotCut() throws IOException {
        Path text = Files.writeString(directory.resolve("text"), "x".repeat(100));
        ElfSections.cut(text);
        assertThat(text).hasContent("x".repeat(100));
    }

    private static Optional<NativeFile> header(String hex) {
        return NativeFile.of(HexFormat.of().parseHex(hex + "0".repeat(128 - hex.length())));
    }
}
