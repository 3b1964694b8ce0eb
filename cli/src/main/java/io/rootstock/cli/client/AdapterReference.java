package io.rootstock.cli.client;

import io.rootstock.cli.error.CliException;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.util.List;

/** Resolves an adapter argument: a digest, or a version trained with {@code --method lora}. */
public final class AdapterReference {
    private AdapterReference() {}

    /**
     * Returns the digest of an adapter.
     *
     * @param argument {@code sha256:...}, MODEL (latest version), MODEL@ALIAS or MODEL:NUMBER
     * @param kind kind of the adapter file: PEFT or GGUF
     */
    public static String digest(Clients clients, String argument, ArtifactKind kind) {
        if (argument.startsWith("sha256:")) {
            return argument;
        }
        String name = Names.version(argument, "latest");
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
                .orElseThrow(() ->
                        new CliException(version + " has no adapter", "use a version fine-tuned with --method lora"))
                .getDigest();
    }
}
