package io.rootstock.trainer.export;

import io.rootstock.llama.Quantization;
import io.rootstock.trainer.v1.ArtifactKind;
import java.util.Locale;
import java.util.Optional;

/** Number formats of an exported GGUF file, the exact one first. */
public enum Variant {
    /** The trainer's own weights. */
    F32(ArtifactKind.ARTIFACT_KIND_GGUF_F32, null),
    /** Half as large. */
    F16(ArtifactKind.ARTIFACT_KIND_GGUF_F16, Quantization.F16),
    /** About a quarter; what is served unless another is asked for. */
    Q8_0(ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0, Quantization.Q8_0),
    /** About a seventh. */
    Q4_K_M(ArtifactKind.ARTIFACT_KIND_GGUF_Q4_K_M, Quantization.Q4_K_M);

    private final ArtifactKind kind;
    private final Quantization quantization;

    Variant(ArtifactKind kind, Quantization quantization) {
        this.kind = kind;
        this.quantization = quantization;
    }

    /** What its file is in the store. */
    public ArtifactKind kind() {
        return kind;
    }

    /** How it is made from the exact one; none for that. */
    Optional<Quantization> quantization() {
        return Optional.ofNullable(quantization);
    }

    /** As in the name of a metric. */
    String suffix() {
        return "_" + name().toLowerCase(Locale.ROOT);
    }
}
