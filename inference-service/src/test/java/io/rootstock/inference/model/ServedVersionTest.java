package io.rootstock.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.GgufFile;
import org.junit.jupiter.api.Test;

class ServedVersionTest {
    @Test
    void servesTheRequestedQuantization() {
        Version version = version(
                ArtifactKind.ARTIFACT_KIND_GGUF_F32,
                ArtifactKind.ARTIFACT_KIND_GGUF_F16,
                ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0,
                ArtifactKind.ARTIFACT_KIND_GGUF_Q4_K_M,
                ArtifactKind.ARTIFACT_KIND_GGUF_ORIGINAL);

        for (GgufFile variant : GgufFile.values()) {
            assertThat(ServedVersion.of(version, variant).gguf()).isEqualTo("ARTIFACT_KIND_GGUF_" + variant);
        }
    }

    @Test
    void fallsBackToTheNextBetterQuantizationThenToTheNextWorse() {
        Version version = version(ArtifactKind.ARTIFACT_KIND_GGUF_F32, ArtifactKind.ARTIFACT_KIND_GGUF_F16);
        assertThat(ServedVersion.of(version, GgufFile.Q8_0).gguf()).isEqualTo("ARTIFACT_KIND_GGUF_F16");

        Version small = version(ArtifactKind.ARTIFACT_KIND_GGUF_Q4_K_M, ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0);
        assertThat(ServedVersion.of(small, GgufFile.F32).gguf()).isEqualTo("ARTIFACT_KIND_GGUF_Q8_0");
    }

    @Test
    void servesTheOriginalIfRequestedOrIfNothingElseExists() {
        Version trained = version(ArtifactKind.ARTIFACT_KIND_GGUF_F32, ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0);
        assertThat(ServedVersion.of(trained, GgufFile.ORIGINAL).gguf()).isEqualTo("ARTIFACT_KIND_GGUF_Q8_0");

        Version imported = version(ArtifactKind.ARTIFACT_KIND_GGUF_ORIGINAL, ArtifactKind.ARTIFACT_KIND_GGUF_F32);
        assertThat(ServedVersion.of(imported, GgufFile.Q4_K_M).gguf()).isEqualTo("ARTIFACT_KIND_GGUF_F32");

        Version alone = version(ArtifactKind.ARTIFACT_KIND_GGUF_ORIGINAL);
        assertThat(ServedVersion.of(alone, GgufFile.Q8_0).gguf()).isEqualTo("ARTIFACT_KIND_GGUF_ORIGINAL");
    }

    @Test
    void rejectsAVersionWithoutGguf() {
        Version version = version(ArtifactKind.ARTIFACT_KIND_HUGGING_FACE);

        assertThatThrownBy(() -> ServedVersion.of(version, GgufFile.Q8_0)).hasMessageContaining("no GGUF artifact");
    }

    @Test
    void aVersionOfASharedBaseIsItsFileWithItsAdapter() {
        ServedVersion served = ServedVersion.of(
                version(
                        ArtifactKind.ARTIFACT_KIND_GGUF_BASE,
                        ArtifactKind.ARTIFACT_KIND_PEFT_ADAPTER,
                        ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER),
                GgufFile.Q8_0);
        assertThat(served.gguf()).isEqualTo("ARTIFACT_KIND_GGUF_BASE");
        assertThat(served.adapter()).isEqualTo("ARTIFACT_KIND_GGUF_ADAPTER");
    }

    @Test
    void anAdapterBesideAMergedModelIsNotAppliedTwice() {
        Version merged = version(ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0, ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER);
        assertThat(ServedVersion.of(merged, GgufFile.Q8_0).adapter()).isNull();
    }

    @Test
    void aSharedBaseWithoutAnAdapterIsRejected() {
        assertThatThrownBy(() -> ServedVersion.of(version(ArtifactKind.ARTIFACT_KIND_GGUF_BASE), GgufFile.Q8_0))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("shared base and no adapter");
    }

    @Test
    void keepsTheTimeOfCreation() {
        Version version = version(ArtifactKind.ARTIFACT_KIND_GGUF_F32).toBuilder()
                .setCreateTime(Timestamp.newBuilder().setSeconds(1_700_000_000))
                .build();
        assertThat(ServedVersion.of(version, GgufFile.F32).created()).isEqualTo(1_700_000_000);
    }

    private static Version version(ArtifactKind... kinds) {
        Version.Builder version =
                Version.newBuilder().setName("models/m/versions/1").setKind(VersionKind.VERSION_KIND_BASE);
        for (ArtifactKind kind : kinds) {
            version.addArtifacts(Artifact.newBuilder().setKind(kind).setDigest(kind.name()));
        }
        return version.build();
    }
}
