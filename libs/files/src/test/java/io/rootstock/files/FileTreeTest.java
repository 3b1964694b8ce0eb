package io.rootstock.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {
    @TempDir
    Path folder;

    @Test
    void deletesADirectoryWithItsContents() throws IOException {
        Path tree = folder.resolve("tree");
        Files.createDirectories(tree.resolve("a/b"));
        Files.writeString(tree.resolve("a/b/file"), "x");
        Files.writeString(tree.resolve("file"), "x");

        FileTree.delete(tree);

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void linksAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        Path link = folder.resolve("link");

        FileTree.linkOrCopy(file, link);

        assertThat(Files.isSameFile(file, link)).isTrue();
        assertThatThrownBy(() -> FileTree.linkOrCopy(folder.resolve("absent"), folder.resolve("other")))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void deletesAFile() throws IOException {
        FileTree.delete(Files.writeString(folder.resolve("file"), "x"));

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void deletesALinkAndKeepsItsTarget() throws IOException {
        Path target = Files.createDirectories(folder.resolve("target"));
        Files.writeString(target.resolve("file"), "x");
        Path tree = Files.createDirectories(folder.resolve("tree"));
        Files.createSymbolicLink(tree.resolve("link"), target);
        Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("absent"));

        FileTree.delete(tree);
        FileTree.delete(dangling);

        assertThat(tree).doesNotExist();
        assertThat(Files.isSymbolicLink(dangling)).isFalse();
        assertThat(target.resolve("file")).hasContent("x");
    }

    @Test
    void acceptsATreeThatDoesNotExist() {
        assertThatCode(() -> FileTree.delete(folder.resolve("absent"))).doesNotThrowAnyException();
    }

    /** The kernel refuses to delete entries of /proc, also for root. */
    @Test
    void namesTheTreeThatCannotBeDeleted() {
        Path tree = Path.of("/proc/self/fdinfo");

        assertThatThrownBy(() -> FileTree.delete(tree))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("cannot delete /proc/self/fdinfo: ");
    }

    @Test
    void createsAnEmptyDirectory() throws IOException {
        Path directory = folder.resolve("a/work");
        FileTree.createEmpty(directory);
        Files.writeString(directory.resolve("left behind"), "x");

        FileTree.createEmpty(directory);

        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void addsUpTheSizesOfFiles() throws IOException {
        Files.createDirectories(folder.resolve("a/b"));
        Files.write(folder.resolve("a/b/file"), new byte[5]);
        Files.write(folder.resolve("file"), new byte[7]);
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("file"));

        assertThat(FileTree.size(folder)).isEqualTo(12);
        assertThatThrownBy(() -> FileTree.size(folder.resolve("absent"))).isInstanceOf(NoSuchFileException.class);
    }
}
