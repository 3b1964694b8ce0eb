package io.rootstock.artifacts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredDirectoryTest {
    private static final String SOME_DIGEST = "sha256:" + "0".repeat(64);

    @TempDir
    Path folder;

    private DirectoryArtifactStore store;
    private Path source;

    @BeforeEach
    void fill() throws IOException {
        store = new DirectoryArtifactStore(folder.resolve("artifacts"));
        source = folder.resolve("source");
        Files.createDirectories(source.resolve("inner/deep"));
        Files.writeString(source.resolve("config.json"), "{}");
        Files.writeString(source.resolve("inner/deep/ünïcode name.txt"), "text");
        Files.writeString(source.resolve("empty"), "");
    }

    @Test
    void isNamedByADigestThatNeedsNoStore() throws IOException {
        assertThat(DirectoryManifest.of(source).digest()).isEqualTo(store.putDirectory(source));
        Files.createSymbolicLink(source.resolve("link"), source.resolve("empty"));
        assertThatThrownBy(() -> DirectoryManifest.of(source))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("link");
    }

    @Test
    void comesBackAsItWas() throws IOException {
        Digest digest = store.putDirectory(source);
        Path target = store.materialize(digest, folder.resolve("target/nested"));

        assertThat(names(target)).isEqualTo(names(source));
        assertThat(target.resolve("inner/deep/ünïcode name.txt")).hasContent("text");
        assertThat(target.resolve("empty")).isEmptyFile();
        assertThat(DirectoryManifest.read(store, digest).totalBytes()).isEqualTo(6);
    }

    @Test
    void hasTheSameDigestWhereverItLay() throws IOException {
        Digest first = store.putDirectory(source);
        Path copy = store.materialize(first, folder.resolve("copy"));

        assertThat(store.putDirectory(copy)).isEqualTo(first);
    }

    @Test
    void isLeftAloneWhenItLiesThereAlready() throws IOException {
        Digest digest = store.putDirectory(source);
        Path target = store.materialize(digest, folder.resolve("target"));

        assertThat(store.materialize(digest, target)).isEqualTo(target);
        assertThat(names(folder)).doesNotContain(".target");
    }

    @Test
    void refusesATargetThatHoldsSomethingElse() throws IOException {
        Digest digest = store.putDirectory(source);
        Path target = store.materialize(digest, folder.resolve("target"));
        Files.delete(target.resolve("config.json"));
        Files.writeString(target.resolve("config.json"), "{\"changed\":true}");

        assertThatThrownBy(() -> store.materialize(digest, target))
                .isInstanceOf(CorruptArtifactException.class)
                .hasMessageContaining("config.json");
    }

    @Test
    void appearsOnlyWhenEveryFileIsIntact() throws IOException {
        Digest digest = store.putDirectory(source);
        Path file = store.verified(Digest.of("text".getBytes(UTF_8)));
        Files.delete(file);
        Files.writeString(file, "torn");
        Path target = folder.resolve("target");

        assertThatThrownBy(() -> store.materialize(digest, target)).isInstanceOf(CorruptArtifactException.class);
        assertThat(target).doesNotExist();
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("artifacts", "source");
        }
    }

    @Test
    void refusesLinks() throws IOException {
        Files.createSymbolicLink(source.resolve("link"), folder.resolve("artifacts"));

        assertThatThrownBy(() -> store.putDirectory(source))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("link");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../outside",
                "/etc/passwd",
                "a/../../outside",
                "a//b",
                "",
                ".",
                "a/.",
                "a\\\\..\\\\b",
                "C:/x",
                "a\\u0000b"
            })
    void refusesAManifestWhosePathsEscape(String path) throws IOException {
        Digest manifest =
                put("{\"files\":[{\"path\":\"" + path + "\",\"digest\":\"" + SOME_DIGEST + "\",\"bytes\":1}]}");

        assertThatThrownBy(() -> store.materialize(manifest, folder.resolve("target")))
                .isExactlyInstanceOf(ArtifactException.class)
                .hasMessageContaining("is not a directory");
        assertThat(folder.resolve("target")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"files\":{}}",
                "{\"files\":[1]}",
                "{\"files\":[{\"path\":\"a\",\"digest\":\"sha256:0\",\"bytes\":1}]}",
                "{\"files\":[]} trailing",
                "binary \\u0001"
            })
    void refusesAnArtifactThatIsNoManifest(String json) throws IOException {
        Digest manifest = put(json);

        assertThatThrownBy(() -> store.materialize(manifest, folder.resolve("target")))
                .isExactlyInstanceOf(ArtifactException.class)
                .hasMessageContaining("is not a directory");
    }

    @Test
    void refusesPathsThatCollide() {
        DirectoryManifest.Entry file = new DirectoryManifest.Entry("a", Digest.parse(SOME_DIGEST), 1);
        DirectoryManifest.Entry below = new DirectoryManifest.Entry("a/b", Digest.parse(SOME_DIGEST), 1);

        assertThatThrownBy(() -> new DirectoryManifest(List.of(file, file)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DirectoryManifest(List.of(file, below)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesMoreFilesThanAModelHas() {
        List<DirectoryManifest.Entry> files = IntStream.range(0, DirectoryManifest.MAX_FILES + 1)
                .mapToObj(i -> new DirectoryManifest.Entry("f" + i, Digest.parse(SOME_DIGEST), 1))
                .toList();
        assertThatThrownBy(() -> new DirectoryManifest(files))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10001 files");
    }

    private Digest put(String content) throws IOException {
        try (ArtifactWriter writer = store.create()) {
            writer.write(content.getBytes(UTF_8));
            return writer.commit();
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.map(path -> directory.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }
}
