package io.rootstock.cli.client;

import io.rootstock.trainer.v1.ArtifactKind;
import java.util.List;

/** GGUF files that the trainer creates of a version's Hugging Face directory. */
public enum Quantization {
    F32(ArtifactKind.ARTIFACT_KIND_GGUF_F32),
    F16(ArtifactKind.ARTIFACT_KIND_GGUF_F16),
    Q8_0(ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0),
    Q4_K_M(ArtifactKind.ARTIFACT_KIND_GGUF_Q4_K_M);

    private final ArtifactKind kind;

    Quantization(ArtifactKind kind) {
        this.kind = kind;
    }

    /** Artifact kind of the file. */
    public ArtifactKind kind() {
        return kind;
    }

    /** Artifact kinds of the files. */
    public static List<ArtifactKind> kinds(List<Quantization> quantizations) {
        return quantizations.stream().map(Quantization::kind).toList();
    }
}
