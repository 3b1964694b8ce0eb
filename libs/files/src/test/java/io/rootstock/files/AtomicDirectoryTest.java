package io.rootstock.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicDirectoryTest {
    @TempDir
    Path folder;

    @Test
    void appearsWithItsContents() throws IOException {
        Path directory = folder.resolve("parent/model");

        AtomicDirectory.write(directory, partial -> {
            assertThat(directory).doesNotExist();
            Files.writeString(partial.resolve("config.json"), "{}");
        });

        assertThat(directory.resolve("config.json")).hasContent("{}");
        assertThat(directory.getParent()).isDirectoryNotContaining(path -> !path.equals(directory));
    }

    @Test
    void leavesNothingIfTheContentFails() {
        assertThatThrownBy(() -> AtomicDirectory.write(folder.resolve("model"), partial -> {
                    Files.createDirectories(partial.resolve("a/b"));
                    throw new IllegalStateException("out of memory");
                }))
                .hasMessage("out of memory");

        assertThat(folder).isEmptyDirectory();
    }

    /** The rename of Linux would replace an empty directory. */
    @Test
    void refusesADirectoryThatExists() throws IOException {
        Path taken = Files.createDirectory(folder.resolve("model"));

        assertThatThrownBy(() -> AtomicDirectory.write(taken, partial -> {}))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessage(taken.toString());

        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(taken));
    }

    @Test
    void refusesADirectoryThatAppearsMeanwhile() throws IOException {
        Path directory = folder.resolve("model");

        assertThatThrownBy(() -> AtomicDirectory.write(
                        directory, partial -> Files.createDirectories(directory.resolve("of another process"))))
                .isInstanceOf(IOException.class);

        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(directory));
    }
}
