package io.rootstock.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path folder;

    @Test
    void replacesAFileAndLeavesNothingBesideIt() throws IOException {
        Path file = Files.writeString(folder.resolve("state.json"), "old and longer");

        AtomicFile.write(file, "n\u00e9w");

        assertThat(file).hasContent("n\u00e9w");
        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
    }

    @Test
    void keepsThePreviousFileIfTheContentFails() throws IOException {
        Path file = Files.writeString(folder.resolve("state.json"), "old");

        assertThatThrownBy(() -> AtomicFile.write(file, channel -> {
                    AtomicFile.append(channel, ByteBuffer.wrap(new byte[10]));
                    throw new IOException("the disk is full");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("the disk is full");

        assertThat(file).hasContent("old");
        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
    }

    @Test
    void hidesTheFileUntilItIsComplete() throws IOException {
        Path file = folder.resolve("state.json");

        AtomicFile.write(file, channel -> assertThat(file).doesNotExist());

        assertThat(file).isEmptyFile();
    }

    @Test
    void refusesADirectoryThatDoesNotExist() {
        assertThatThrownBy(() -> AtomicFile.write(folder.resolve("absent/state.json"), new byte[1]))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void refusesToReplaceADirectory() throws IOException {
        Path taken = Files.createDirectories(folder.resolve("taken/inside")).getParent();

        assertThatThrownBy(() -> AtomicFile.write(taken, "text")).isInstanceOf(IOException.class);

        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(taken));
    }

    @Test
    void writesMemoryOfTheHeapAndNativeMemory() throws IOException {
        double[] values = new double[300_000];
        Arrays.setAll(values, i -> i * 0.5);
        Path heap = folder.resolve("heap");
        Path outside = folder.resolve("native");

        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(8L * values.length, Double.BYTES);
            copy.copyFrom(MemorySegment.ofArray(values));
            AtomicFile.write(heap, channel -> AtomicFile.append(channel, MemorySegment.ofArray(values)));
            AtomicFile.write(outside, channel -> AtomicFile.append(channel, copy));
            assertThat(heap).hasBinaryContent(copy.toArray(ValueLayout.JAVA_BYTE));
        }

        assertThat(outside).hasSameBinaryContentAs(heap);
    }
}
