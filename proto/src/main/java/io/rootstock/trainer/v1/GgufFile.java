package io.rootstock.trainer.v1;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The GGUF files of a version by their quantization, as options and settings name them. */
public enum GgufFile {
    /** Unquantized 32 bits per weight. */
    F32(ArtifactKind.ARTIFACT_KIND_GGUF_F32),
    /** 16 bits per weight. */
    F16(ArtifactKind.ARTIFACT_KIND_GGUF_F16),
    /** 8.5 bits per weight. */
    Q8_0(ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0),
    /** About 4.9 bits per weight. */
    Q4_K_M(ArtifactKind.ARTIFACT_KIND_GGUF_Q4_K_M),
    /** The GGUF file that a model was imported from, unchanged. */
    ORIGINAL(ArtifactKind.ARTIFACT_KIND_GGUF_ORIGINAL);

    /** The files that the trainer makes of a version's Hugging Face directory. */
    public static final Set<GgufFile> MADE = Collections.unmodifiableSet(EnumSet.range(F32, Q4_K_M));

    private final ArtifactKind kind;

    GgufFile(ArtifactKind kind) {
        this.kind = kind;
    }

    /** Returns the file of an artifact; empty if it is another artifact. */
    public static Optional<GgufFile> of(ArtifactKind kind) {
        return Arrays.stream(values()).filter(file -> file.kind == kind).findFirst();
    }

    /**
     * Returns the files of these kinds.
     *
     * @throws IllegalArgumentException if a kind is not that of a file in {@link #MADE}; the message follows a field's name
     */
    public static Set<GgufFile> made(Collection<ArtifactKind> kinds) {
        Set<GgufFile> files = EnumSet.noneOf(GgufFile.class);
        for (ArtifactKind kind : kinds) {
            files.add(of(kind).filter(MADE::contains)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "must be GGUF_F32, GGUF_F16, GGUF_Q8_0 or GGUF_Q4_K_M, is " + kind)));
        }
        return files;
    }

    /** Kinds of the artifacts. */
    public static List<ArtifactKind> kinds(Collection<GgufFile> files) {
        return files.stream().map(GgufFile::kind).toList();
    }

    /** Kind of the artifact. */
    public ArtifactKind kind() {
        return kind;
    }

    /** Name in lower case, as in options and in the names of metrics: {@code q8_0}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
