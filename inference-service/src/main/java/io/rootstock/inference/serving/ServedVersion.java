package io.rootstock.inference.serving;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rootstock.inference.config.Variant;
import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.util.Optional;

/**
 * A version to serve, by its artifacts' digests.
 *
 * @param name models/{m}/versions/{n}
 * @param kind what it can do
 * @param gguf digest of its GGUF file
 * @param head digest of its classification head; null: none
 * @param adapter digest of the adapter that is a part of it, beside a GGUF file that other versions have too; null: none
 * @param trained whether a job of this installation made it; false: it comes from outside
 */
@RegisterForReflection // kept as JSON in served.json
public record ServedVersion(String name, ModelKind kind, String gguf, String head, String adapter, boolean trained) {
    /**
     * Reads what the registry says.
     *
     * @param variant the number format to serve, where the version comes in it
     * @throws LoadException where an artifact that serving needs is missing
     */
    static ServedVersion of(Version version, Variant variant) {
        ModelKind kind = ModelKind.of(version.getKind());
        Optional<String> sharedBase = digest(version, ArtifactKind.ARTIFACT_KIND_GGUF_BASE);
        Optional<String> adapter = sharedBase.flatMap(_ -> digest(version, ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER));
        if (sharedBase.isPresent() && adapter.isEmpty()) {
            throw new LoadException(version.getName() + " has a shared base and no adapter for it");
        }
        String gguf = sharedBase.orElseGet(() -> variant.preferences().stream()
                .flatMap(candidate -> digest(version, artifactKind(candidate)).stream())
                .findFirst()
                .orElseThrow(() -> new LoadException(version.getName() + " has no GGUF artifact")));
        Optional<String> head = digest(version, ArtifactKind.ARTIFACT_KIND_CLASSIFIER_HEAD);
        if (kind == ModelKind.CLASSIFIER && head.isEmpty()) {
            throw new LoadException(version.getName() + " is a classifier without a classification head");
        }
        // Only the registry names a job, and only in versions that its jobs made.
        boolean trained = !version.getJob().isEmpty();
        return new ServedVersion(version.getName(), kind, gguf, head.orElse(null), adapter.orElse(null), trained);
    }

    private static ArtifactKind artifactKind(Variant variant) {
        return switch (variant) {
            case Q4_K_M -> ArtifactKind.ARTIFACT_KIND_GGUF_Q4_K_M;
            case Q8_0 -> ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0;
            case F16 -> ArtifactKind.ARTIFACT_KIND_GGUF_F16;
            case F32 -> ArtifactKind.ARTIFACT_KIND_GGUF_F32;
            case ORIGINAL -> ArtifactKind.ARTIFACT_KIND_GGUF_ORIGINAL;
        };
    }

    /** Its model, models/{m}. */
    public String model() {
        return name.substring(0, name.indexOf("/versions/"));
    }

    private static Optional<String> digest(Version version, ArtifactKind kind) {
        return version.getArtifactsList().stream()
                .filter(artifact -> artifact.getKind() == kind)
                .map(Artifact::getDigest)
                .findFirst();
    }
}
