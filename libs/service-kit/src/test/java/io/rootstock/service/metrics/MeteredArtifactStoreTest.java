package io.rootstock.service.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.ArtifactWriter;
import io.rootstock.artifacts.CorruptArtifactException;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.artifacts.NoSuchArtifactException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeteredArtifactStoreTest {
    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @TempDir
    private Path folder;

    private ArtifactStore store;

    @BeforeEach
    void open() {
        store = new MeteredArtifactStore(new DirectoryArtifactStore(folder.resolve("artifacts")), meters);
    }

    @Test
    void hasEveryTimerBeforeTheFirstOperation() {
        assertThat(meters.find("rootstock.artifacts.operation").timers()).hasSize(7 * 5);
    }

    @Test
    void countsOperationsByOutcome() throws IOException {
        Digest digest;
        try (ArtifactWriter writer = store.create()) {
            writer.write(CONTENT);
            digest = writer.commit();
        }
        assertThat(store.readAll(digest)).isEqualTo(CONTENT);
        assertThat(store.contains(digest)).isTrue();
        store.putDocument("name", "text");

        Digest missing = Digest.of(new byte[] {1});
        assertThatThrownBy(() -> store.verified(missing)).isInstanceOf(NoSuchArtifactException.class);
        Path stored = store.verified(digest);
        assertThat(stored.toFile().setWritable(true)).isTrue();
        Files.write(stored, new byte[] {2});
        assertThatThrownBy(() -> store.verified(digest)).isInstanceOf(CorruptArtifactException.class);

        assertThat(count("put", "ok")).isEqualTo(1);
        assertThat(count("read", "ok")).isEqualTo(2);
        assertThat(count("read", "missing")).isEqualTo(1);
        assertThat(count("read", "corrupt")).isEqualTo(1);
        assertThat(count("stat", "ok")).isEqualTo(1);
        assertThat(count("document", "ok")).isEqualTo(1);
    }

    @Test
    void storesDirectoriesThroughMeasuredOperations() throws IOException {
        Path directory = Files.createDirectory(folder.resolve("directory"));
        Files.write(directory.resolve("file"), CONTENT);
        Digest digest = store.putDirectory(directory);
        assertThat(store.materialize(digest, folder.resolve("copy")).resolve("file"))
                .hasBinaryContent(CONTENT);
        assertThat(count("put", "ok")).isPositive();
        assertThat(count("put", "error")).isZero();
    }

    private long count(String operation, String outcome) {
        Timer timer = meters.get("rootstock.artifacts.operation")
                .tag("operation", operation)
                .tag("outcome", outcome)
                .timer();
        return timer.count();
    }
}
