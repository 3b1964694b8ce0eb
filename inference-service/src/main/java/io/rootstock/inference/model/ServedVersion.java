package io.rootstock.inference.model;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rootstock.names.VersionName;
import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.GgufFile;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A version to serve, by the digests of its artifacts.
 *
 * @param name models/{m}/versions/{n}
 * @param kind kind of the version
 * @param gguf digest of its GGUF file
 * @param head digest of its classification head; null if it has none
 * @param adapter digest of its adapter, if its GGUF file is a base shared with other versions; else null
 * @param trained whether a job of this installation trained it from random weights; false for an external version and
 *     for one that was fine-tuned, whose base may have been imported
 * @param created time of its creation, in seconds since 1970
 */
@RegisterForReflection // stored as JSON in served.json
public record ServedVersion(
        String name, ModelKind kind, String gguf, String head, String adapter, boolean trained, long created) {
    /**
     * Converts the registry's message.
     *
     * @param variant the preferred quantization
     * @throws LoadException if an artifact required for serving is missing
     */
    public static ServedVersion of(Version version, GgufFile variant) {
        ModelKind kind = ModelKind.of(version.getKind());
        Optional<String> sharedBase = digest(version, ArtifactKind.ARTIFACT_KIND_GGUF_BASE);
        Optional<String> adapter = sharedBase.flatMap(_ -> digest(version, ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER));
        if (sharedBase.isPresent() && adapter.isEmpty()) {
            throw new LoadException(version.getName() + " has a shared base and no adapter for it");
        }
        String gguf = sharedBase.orElseGet(() -> preferences(variant)
                .flatMap(candidate -> digest(version, candidate.kind()).stream())
                .findFirst()
                .orElseThrow(() -> new LoadException(version.getName() + " has no GGUF artifact")));
        Optional<String> head = digest(version, ArtifactKind.ARTIFACT_KIND_CLASSIFIER_HEAD);
        if (kind == ModelKind.CLASSIFIER && head.isEmpty()) {
            throw new LoadException(version.getName() + " is a classifier without a classification head");
        }
        // The registry names a job only in versions that its jobs created.
        boolean trained = !version.getJob().isEmpty() && version.getParent().isEmpty();
        return new ServedVersion(
                version.getName(),
                kind,
                gguf,
                head.orElse(null),
                adapter.orElse(null),
                trained,
                version.getCreateTime().getSeconds());
    }

    /**
     * The order of preference among a version's files: this quantization, the more precise ones, then the less precise
     * ones. ORIGINAL is last, because its quantization is unknown, unless it is this one; then Q8_0 is next.
     */
    private static Stream<GgufFile> preferences(GgufFile file) {
        if (file == GgufFile.ORIGINAL) {
            return Stream.concat(Stream.of(file), preferences(GgufFile.Q8_0));
        }
        List<GgufFile> files = List.copyOf(GgufFile.MADE);
        int self = files.indexOf(file);
        return Stream.of(
                        files.subList(0, self + 1).reversed(),
                        files.subList(self + 1, files.size()),
                        List.of(GgufFile.ORIGINAL))
                .flatMap(List::stream);
    }

    /** The model's name, models/{m}. */
    public String model() {
        return VersionName.parse(name).modelName();
    }

    /**
     * Digest of the file that is its own: its adapter's if its GGUF file is a base shared with other versions, else its
     * GGUF file's.
     */
    public String digest() {
        return adapter == null ? gguf : adapter;
    }

    private static Optional<String> digest(Version version, ArtifactKind kind) {
        return version.getArtifactsList().stream()
                .filter(artifact -> artifact.getKind() == kind)
                .map(Artifact::getDigest)
                .findFirst();
    }
}
