package io.rootstock.trainer.export;

import io.rootstock.llama.Quantization;
import io.rootstock.trainer.v1.ArtifactKind;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Quantizations of an exported GGUF file; the first is F32. */
public enum Variant {
    /** Unquantized float32 weights. */
    F32(ArtifactKind.ARTIFACT_KIND_GGUF_F32, null),
    /** Half the size of F32. */
    F16(ArtifactKind.ARTIFACT_KIND_GGUF_F16, Quantization.F16),
    /** About a quarter of the size of F32; the default for serving. */
    Q8_0(ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0, Quantization.Q8_0),
    /** About a seventh of the size of F32. */
    Q4_K_M(ArtifactKind.ARTIFACT_KIND_GGUF_Q4_K_M, Quantization.Q4_K_M);

    private final ArtifactKind kind;
    private final Quantization quantization;

    Variant(ArtifactKind kind, Quantization quantization) {
        this.kind = kind;
        this.quantization = quantization;
    }

    /**
     * Returns the quantizations of these kinds.
     *
     * @throws IllegalArgumentException if a kind is not one of a quantization
     */
    public static Set<Variant> of(List<ArtifactKind> kinds) {
        Set<Variant> variants = EnumSet.noneOf(Variant.class);
        for (ArtifactKind kind : kinds) {
            variants.add(Arrays.stream(values())
                    .filter(variant -> variant.kind == kind)
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "must be GGUF_F32, GGUF_F16, GGUF_Q8_0 or GGUF_Q4_K_M, is " + kind)));
        }
        return variants;
    }

    /** Artifact kind of the file. */
    public ArtifactKind kind() {
        return kind;
    }

    /** Quantization of llama.cpp that creates the file; empty for F32. */
    Optional<Quantization> quantization() {
        return Optional.ofNullable(quantization);
    }

    /** Suffix of metric names, such as {@code _q8_0}. */
    String suffix() {
        return "_" + name().toLowerCase(Locale.ROOT);
    }
}
