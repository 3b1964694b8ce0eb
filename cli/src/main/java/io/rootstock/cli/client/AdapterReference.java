package io.rootstock.cli.client;

import io.rootstock.cli.error.CliException;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.util.List;

/** An adapter as typed: a digest, or a version that was trained with {@code --method lora}. */
public final class AdapterReference {
    private AdapterReference() {}

    /**
     * The digest of an adapter.
     *
     * @param typed {@code sha256:...}, MODEL (its latest version), MODEL@ALIAS or MODEL:NUMBER
     * @param kind which of the version's two adapter files
     */
    public static String digest(Clients clients, String typed, ArtifactKind kind) {
        if (typed.startsWith("sha256:")) {
            return typed;
        }
        String name = Names.version(typed, "latest");
        return digest(
                name,
                clients.models()
                        .getVersion(GetVersionRequest.newBuilder().setName(name).build())
                        .getVersion()
                        .getArtifactsList(),
                kind);
    }

    static String digest(String version, List<Artifact> artifacts, ArtifactKind kind) {
        return artifacts.stream()
                .filter(artifact -> artifact.getKind() == kind)
                .findFirst()
                .orElseThrow(() -> new CliException(
                        version + " has no adapter", "name a version that was tuned with --method lora"))
                .getDigest();
    }
}
