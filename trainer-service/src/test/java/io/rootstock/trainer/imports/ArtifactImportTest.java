package io.rootstock.trainer.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.sandbox.SandboxMode;
import io.rootstock.trainer.v1.ArtifactContent;
import io.rootstock.trainer.v1.GgufFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactImportTest {
    @TempDir
    private Path folder;

    private DirectoryArtifactStore store;
    private ModelImports imports;

    @BeforeEach
    void start() {
        store = new DirectoryArtifactStore(folder.resolve("artifacts"));
        imports = new ModelImports(folder.resolve("imports"), store, 1, GgufFile.MADE, SandboxMode.AVAILABLE);
    }

    @Test
    void missingArtifactsAreStoredAndTheOthersRenewed() throws IOException {
        Path present = store.verified(store.putFile(Files.writeString(folder.resolve("present"), "present")));
        FileTime old = FileTime.from(Instant.now().minusSeconds(100_000));
        Files.setLastModifiedTime(present, old);
        try (ArtifactImport artifacts = imports.beginArtifacts()) {
            assertThat(imports.oldest()).isPresent();
            assertThat(artifacts.begin(List.of(content("one"), content("present"), content(""))))
                    .containsExactly(digest("one").value(), digest("").value());
            artifacts.start(digest("one").value());
            artifacts.write(bytes("o"));
            artifacts.write(bytes("ne"));
            artifacts.start(digest("").value());
            artifacts.finish();
        }
        assertThat(imports.oldest()).isEmpty();
        assertThat(store.verified(digest("one"))).hasContent("one");
        assertThat(store.verified(digest(""))).isEmptyFile();
        assertThat(Files.getLastModifiedTime(present)).isGreaterThan(old);
    }

    @Test
    void anArtifactThatDoesNotMatchIsNotStored() throws IOException {
        try (ArtifactImport artifacts = imports.beginArtifacts()) {
            assertThat(artifacts.begin(List.of(content("one"), content("two")))).hasSize(2);
            artifacts.start(digest("one").value());
            artifacts.write(bytes("one"));
            artifacts.start(digest("two").value());
            artifacts.write(bytes("twa"));
            refused(artifacts::finish, digest("two") + " is damaged");
        }
        assertThat(store.contains(digest("two"))).isFalse();
        assertThat(store.contains(digest("one"))).isTrue();
        assertThat(imports.beginArtifacts().begin(List.of(content("one"), content("two"))))
                .containsExactly(digest("two").value());
        try (Stream<Path> files = Files.walk(folder.resolve("artifacts"))) {
            assertThat(files.filter(Files::isRegularFile)).hasSize(1);
        }
    }

    @Test
    void otherOrdersAndLengthsAreRejected() throws IOException {
        try (ArtifactImport artifacts = imports.beginArtifacts()) {
            refused(() -> artifacts.start(digest("one").value()), "no further artifact is missing");
            refused(() -> artifacts.write(bytes("x")), "digest must be sent before its bytes");
            refused(artifacts::finish, "no artifacts were listed");
            assertThat(artifacts.begin(List.of(content("one"), content("two")))).hasSize(2);
            refused(() -> artifacts.begin(List.of()), "listed once");
            refused(() -> artifacts.start(digest("two").value()), "the next missing artifact is " + digest("one"));
        }
        try (ArtifactImport artifacts = imports.beginArtifacts()) {
            assertThat(artifacts.begin(List.of(content("one")))).hasSize(1);
            refused(artifacts::finish, digest("one") + " was not sent");
        }
        try (ArtifactImport artifacts = imports.beginArtifacts()) {
            assertThat(artifacts.begin(List.of(content("one")))).hasSize(1);
            artifacts.start(digest("one").value());
            refused(() -> artifacts.write(bytes("four")), "longer than listed");
        }
        assertThat(store.contains(digest("one"))).isFalse();
    }

    @Test
    void invalidListsAreRejected() {
        refused(() -> begin(List.of(content("one"), content("one"))), "listed twice");
        refused(
                () -> begin(List.of(
                        ArtifactContent.newBuilder().setDigest("sha256:../../x").build())),
                "64 lower-case hexadecimal digits, not 'sha256:../../x'");
        refused(
                () -> begin(IntStream.rangeClosed(0, 20_000)
                        .mapToObj(i -> content("artifact " + i))
                        .toList()),
                "at most 20000 artifacts can be sent, were 20001");
        Digest stored = store.putFile(write("present"));
        refused(
                () -> begin(List.of(ArtifactContent.newBuilder()
                        .setDigest(stored.value())
                        .setBytes(1)
                        .build())),
                "has 7 bytes in the store, not 1");
    }

    private void begin(List<ArtifactContent> contents) {
        try (ArtifactImport artifacts = imports.beginArtifacts()) {
            artifacts.begin(contents);
        }
    }

    private Path write(String content) {
        try {
            return Files.writeString(folder.resolve("file"), content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void refused(ThrowingCallable call, String reason) {
        assertThatThrownBy(call).isInstanceOf(RefusedImportException.class).hasMessageContaining(reason);
    }

    private static ArtifactContent content(String text) {
        return ArtifactContent.newBuilder()
                .setDigest(digest(text).value())
                .setBytes(text.length())
                .build();
    }

    private static Digest digest(String text) {
        return Digest.of(bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
