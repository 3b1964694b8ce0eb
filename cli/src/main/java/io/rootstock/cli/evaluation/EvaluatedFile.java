package io.rootstock.cli.evaluation;

import io.rootstock.trainer.v1.ArtifactKind;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** GGUF files that can be evaluated, by the names of the command line. */
public enum EvaluatedFile {
    F32(ArtifactKind.ARTIFACT_KIND_GGUF_F32),
    F16(ArtifactKind.ARTIFACT_KIND_GGUF_F16),
    Q8_0(ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0),
    Q4_K_M(ArtifactKind.ARTIFACT_KIND_GGUF_Q4_K_M),
    ORIGINAL(ArtifactKind.ARTIFACT_KIND_GGUF_ORIGINAL);

    private static final String PREFIX = "ARTIFACT_KIND_";
    private static final String GGUF = "GGUF_";

    private final ArtifactKind kind;

    EvaluatedFile(ArtifactKind kind) {
        this.kind = kind;
    }

    public ArtifactKind kind() {
        return kind;
    }

    /** Returns the file of a kind; empty for artifacts that are not evaluated by their kind. */
    public static Optional<EvaluatedFile> of(ArtifactKind kind) {
        return Arrays.stream(values()).filter(file -> file.kind == kind).findFirst();
    }

    /** Name in options. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Name of a file of any kind: {@code q8_0}, or {@code adapter gguf}. */
    public static String label(ArtifactKind kind) {
        String name = kind.name().startsWith(PREFIX) ? kind.name().substring(PREFIX.length()) : kind.name();
        return name.startsWith(GGUF)
                ? name.substring(GGUF.length()).toLowerCase(Locale.ROOT)
                : name.toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
