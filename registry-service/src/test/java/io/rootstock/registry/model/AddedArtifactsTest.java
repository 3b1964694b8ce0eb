package io.rootstock.registry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.artifacts.Digest;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.AddVersionArtifactRequest;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.DeleteVersionRequest;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.storage.v1.PruneRequest;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AddedArtifactsTest {
    @TempDir
    private Path scratch;

    private RegistryHarness registry;
    private Version version;

    @BeforeEach
    void start() {
        registry = new RegistryHarness(scratch);
        version = registry.register("base");
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void aGgufFileIsAddedOnceAndKeptByPruning() throws Exception {
        Artifact file = registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_Q4_K_M, "q4");
        Version expected = version.toBuilder().addArtifacts(file).build();
        assertThat(add(file)).isEqualTo(expected);
        assertThat(add(file)).isEqualTo(expected);
        assertThat(registry.models()
                        .getVersion(GetVersionRequest.newBuilder()
                                .setName(version.getName())
                                .build())
                        .getVersion())
                .isEqualTo(expected);
        Path stored = registry.store().verified(Digest.parse(file.getDigest()));
        Files.setLastModifiedTime(stored, FileTime.from(Instant.now().minusSeconds(100_000)));
        assertThat(registry.storage()
                        .prune(PruneRequest.newBuilder().setApply(true).build())
                        .getGroups(0)
                        .getItems())
                .isZero();
        assertThat(stored).exists();
        assertThat(registry.models()
                        .deleteVersion(DeleteVersionRequest.newBuilder()
                                .setName(version.getName())
                                .build())
                        .isInitialized())
                .isTrue();
    }

    @Test
    void otherFilesAreRefused() {
        assertThat(add(registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0, "q8"))
                        .getArtifactsCount())
                .isEqualTo(3);
        refused(registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0, "other"), "ALREADY_EXISTS", "not replaced");
        refused(registry.file(ArtifactKind.ARTIFACT_KIND_CLASSIFIER_HEAD, "head"), "INVALID_ARGUMENT", "artifact.kind");
        refused(
                Artifact.newBuilder()
                        .setKind(ArtifactKind.ARTIFACT_KIND_GGUF_F16)
                        .setDigest("sha256:" + "0".repeat(64))
                        .build(),
                "INVALID_ARGUMENT",
                "artifact.digest");
        version = registry.models()
                .createVersion(CreateVersionRequest.newBuilder()
                        .setModel("models/shared")
                        .setVersion(Version.newBuilder()
                                .setKind(VersionKind.VERSION_KIND_BASE)
                                .addArtifacts(registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_BASE, "shared")))
                        .build())
                .getVersion();
        refused(
                registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_F16, "f16"),
                "FAILED_PRECONDITION",
                "no Hugging Face directory");
    }

    private void refused(Artifact artifact, String code, String reason) {
        assertThatThrownBy(() -> add(artifact)).hasMessageContaining(code).hasMessageContaining(reason);
    }

    private Version add(Artifact artifact) {
        return registry.models()
                .addVersionArtifact(AddVersionArtifactRequest.newBuilder()
                        .setName(version.getName())
                        .setArtifact(artifact)
                        .build())
                .getVersion();
    }
}
