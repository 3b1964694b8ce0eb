package io.rootstock.artifacts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryArtifactStoreTest {
    private static final Digest ABC =
            Digest.parse("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

    @TempDir
    Path folder;

    private Path root;
    private DirectoryArtifactStore store;

    @BeforeEach
    void open() {
        root = folder.resolve("artifacts");
        store = new DirectoryArtifactStore(root);
    }

    @Test
    void namesAnArtifactByItsContent() throws IOException {
        Digest digest = store.putFile(Files.writeString(folder.resolve("file"), "abc"));

        assertThat(digest).isEqualTo(ABC);
        assertThat(store.contains(ABC)).isTrue();
        assertThat(store.size(ABC)).isEqualTo(3);
        assertThat(store.readAll(ABC)).isEqualTo("abc".getBytes(UTF_8));
        assertThat(store.verified(ABC))
                .isEqualTo(
                        root.resolve("sha256").resolve("ba").resolve(ABC.hex().substring(2)))
                .hasContent("abc");
    }

    @Test
    void keepsDocumentsUnderTheirNames() {
        assertThat(store.documents()).isEmpty();
        store.putDocument("backup-2", "two");
        store.putDocument("backup-1", "one");
        store.putDocument("backup-2", "zwei, ü");
        DirectoryArtifactStore other = new DirectoryArtifactStore(root);
        assertThat(other.documents()).containsExactly("backup-1", "backup-2");
        assertThat(other.document("backup-2")).contains("zwei, ü");
        assertThat(other.document("backup-3")).isEmpty();
        for (String name : List.of("../sha256", ".hidden", "", "A", "a".repeat(101))) {
            assertThatThrownBy(() -> store.putDocument(name, "")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store.document(name)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store.removeDocument(name)).isInstanceOf(IllegalArgumentException.class);
        }
        store.removeDocument("backup-2");
        store.removeDocument("backup-2");
        assertThat(other.documents()).containsExactly("backup-1");
        assertThatThrownBy(() -> store.putDocument("large", "x".repeat((1 << 20) + 1)))
                .hasMessageContaining("longer than 1048576 bytes");
    }

    @Test
    void showsNothingBeforeTheCommit() throws IOException {
        try (ArtifactWriter writer = store.create()) {
            writer.write("abc".getBytes(UTF_8));
            assertThat(store.contains(ABC)).isFalse();
        }
        assertThat(store.contains(ABC)).isFalse();
        assertThat(temporaryFiles()).isEmpty();
    }

    @Test
    void keepsTheEmptyArtifact() {
        Digest digest = store.create().commit();

        assertThat(digest).isEqualTo(Digest.of(new byte[0]));
        assertThat(store.readAll(digest)).isEmpty();
    }

    @Test
    void survivesReopening() {
        Digest digest = put("kept");

        assertThat(new DirectoryArtifactStore(root).readAll(digest)).isEqualTo("kept".getBytes(UTF_8));
    }

    @Test
    void storesTheSameContentOnceHoweverManyStoreItAtOnce() throws Exception {
        byte[] content = new byte[3_000_000];
        new Random(7).nextBytes(content);
        Path file = Files.write(folder.resolve("large"), content);
        List<Callable<Digest>> puts = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            puts.add(() -> {
                Digest digest = new DirectoryArtifactStore(root).putFile(file);
                assertThat(store.verified(digest)).hasBinaryContent(content);
                return digest;
            });
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Digest> digest : threads.invokeAll(puts)) {
                assertThat(digest.get()).isEqualTo(Digest.of(content));
            }
        }
        try (Stream<Path> files = Files.walk(root)) {
            assertThat(files.filter(Files::isRegularFile)).hasSize(1);
        }
    }

    @Test
    void namesTheDigestAndTheFileOfACorruptArtifact() throws IOException {
        Digest digest = put("abc");
        Path file = store.verified(digest);
        overwrite(file, "abd");

        assertThatThrownBy(() -> store.verified(digest))
                .isInstanceOf(CorruptArtifactException.class)
                .hasMessageContaining(digest.value())
                .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> store.readAll(digest)).isInstanceOf(CorruptArtifactException.class);
    }

    @Test
    void noticesTruncation() throws IOException {
        Digest digest = put("abc");
        overwrite(store.verified(digest), "ab");

        assertThatThrownBy(() -> store.verified(digest)).isInstanceOf(CorruptArtifactException.class);
    }

    @Test
    void healsACorruptArtifactByStoringItAgain() throws IOException {
        Digest digest = put("abc");
        overwrite(store.verified(digest), "abd");

        put("abc");

        assertThat(store.verified(digest)).hasContent("abc");
    }

    @Test
    void saysWhichArtifactItDoesNotHold() {
        assertThat(store.contains(ABC)).isFalse();
        assertThatThrownBy(() -> store.verified(ABC))
                .isInstanceOf(NoSuchArtifactException.class)
                .hasMessageContaining(ABC.value());
        assertThatThrownBy(() -> store.readAll(ABC)).isInstanceOf(NoSuchArtifactException.class);
        assertThatThrownBy(() -> store.size(ABC)).isInstanceOf(NoSuchArtifactException.class);
        assertThatThrownBy(() -> store.materialize(ABC, folder.resolve("target")))
                .isInstanceOf(NoSuchArtifactException.class);
    }

    @Test
    void refusesToStoreWhatIsNotThere() {
        assertThatThrownBy(() -> store.putFile(folder.resolve("nothing")))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("nothing");
        assertThat(temporaryFiles()).isEmpty();
    }

    @Test
    void doesNotFollowALinkThatTookAnArtifactsPlace() throws IOException {
        Digest digest = put("abc");
        Path file = store.verified(digest);
        Files.delete(file);
        Files.createSymbolicLink(file, Files.writeString(folder.resolve("elsewhere"), "abc"));

        assertThat(store.contains(digest)).isFalse();
        assertThatThrownBy(() -> store.verified(digest)).isInstanceOf(ArtifactException.class);
    }

    @Test
    void removesWhatAKilledWriterLeftADayAgoAndNothingYounger() throws IOException {
        Path old = Files.writeString(root.resolve("temporary").resolve("old"), "half");
        Path young = Files.writeString(root.resolve("temporary").resolve("young"), "half");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(25))));

        store = new DirectoryArtifactStore(root);

        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    private Digest put(String content) {
        try (ArtifactWriter writer = store.create()) {
            writer.write(content.getBytes(UTF_8));
            return writer.commit();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Replaces the file, because only root can write to a read-only file. */
    private static void overwrite(Path file, String content) throws IOException {
        Files.delete(file);
        Files.writeString(file, content);
    }

    private List<Path> temporaryFiles() {
        try (Stream<Path> files = Files.list(root.resolve("temporary"))) {
            return files.toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
