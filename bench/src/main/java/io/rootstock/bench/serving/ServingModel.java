package io.rootstock.bench.serving;

import io.rootstock.artifacts.Digest;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.nio.file.Path;
import java.util.List;

/**
 * A model for the serving benchmarks.
 *
 * @param name model name in requests
 * @param title description for tables
 * @param kind artifact kind of its quantization
 * @param digest digest of its file in the artifact store
 * @param file its GGUF file, for llama-server
 * @param prompts texts of 32 to 64 tokens
 */
public record ServingModel(
        String name, String title, ArtifactKind kind, Digest digest, Path file, List<String> prompts) {
    public ServingModel {
        prompts = List.copyOf(prompts);
    }

    /** Returns its version as in the registry. */
    Version version() {
        return version(name, 1, kind, digest);
    }

    static Version version(String model, int number, ArtifactKind kind, Digest digest) {
        return Version.newBuilder()
                .setName("models/" + model + "/versions/" + number)
                .setKind(VersionKind.VERSION_KIND_BASE)
                .addArtifacts(Artifact.newBuilder().setKind(kind).setDigest(digest.value()))
                .build();
    }
}
