package io.rootstock.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.ArtifactWriter;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.dataset.DatasetManifest.ShardReference;
import io.rootstock.dataset.DatasetManifest.Source;
import io.rootstock.dataset.DatasetManifest.Split;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetManifestTest {
    private static final DatasetManifest MANIFEST = new DatasetManifest(
            DatasetManifest.FORMAT_VERSION,
            DatasetKind.CLASSIFICATION,
            "sha256:" + "a".repeat(64),
            4096,
            true,
            4092,
            256,
            List.of("ham", "spam"),
            List.of(new Source(
                    "sms",
                    1.0,
                    0,
                    Map.of(
                            DatasetManifest.TRAIN,
                            new Split(
                                    2, 10, 10, 30, 29, List.of(new ShardReference("sha256:" + "b".repeat(64), 2, 10))),
                            DatasetManifest.TEST,
                            Split.EMPTY))));

    @TempDir
    private Path folder;

    @Test
    void comesBackFromTheStoreAndKeepsItsDigest() throws IOException {
        ArtifactStore store = new DirectoryArtifactStore(folder);
        Digest digest = MANIFEST.write(store);
        assertThat(DatasetManifest.read(store, digest)).isEqualTo(MANIFEST);
        assertThat(DatasetManifest.read(store, digest).write(store)).isEqualTo(digest);
        assertThat(MANIFEST.sources().getFirst().split(DatasetManifest.VALIDATION))
                .isEqualTo(Split.EMPTY);
    }

    @Test
    void anotherVersionOrOtherBytesAreRefused() throws IOException {
        ArtifactStore store = new DirectoryArtifactStore(folder);
        for (String text :
                List.of("{\"formatVersion\": 2, \"kind\": \"CLASSIFICATION\"}", "{\"formatVersion\": 1}", "text", "")) {
            Digest digest;
            try (ArtifactWriter writer = store.create()) {
                writer.write(text.getBytes(StandardCharsets.UTF_8));
                digest = writer.commit();
            }
            assertThatThrownBy(() -> DatasetManifest.read(store, digest)).isInstanceOf(InvalidDatasetException.class);
        }
    }
}
