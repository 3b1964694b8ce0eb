package io.rootstock.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.cli.error.CliException;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AdapterReferenceTest {
    @Test
    void resolvesAdapterOfTheRequestedKind() {
        List<Artifact> artifacts = List.of(
                artifact(ArtifactKind.ARTIFACT_KIND_GGUF_F32, "sha256:a"),
                artifact(ArtifactKind.ARTIFACT_KIND_PEFT_ADAPTER, "sha256:b"),
                artifact(ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER, "sha256:c"));
        assertThat(AdapterReference.digest("m:1", artifacts, ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER))
                .isEqualTo("sha256:c");
        assertThatThrownBy(() -> AdapterReference.digest(
                        "m:1", artifacts.subList(0, 1), ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("m:1 has no adapter");
    }

    private static Artifact artifact(ArtifactKind kind, String digest) {
        return Artifact.newBuilder().setKind(kind).setDigest(digest).build();
    }
}
