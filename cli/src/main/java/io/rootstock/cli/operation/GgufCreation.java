package io.rootstock.cli.operation;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Progress;
import io.rootstock.cli.error.CliException;
import io.rootstock.registry.v1.AddVersionArtifactRequest;
import io.rootstock.registry.v1.AddVersionArtifactResponse;
import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.ArtifactKind;
import java.util.Iterator;

/** Adds a GGUF file that a version does not have. */
public final class GgufCreation {
    private GgufCreation() {}

    /** Returns the version with a file of this kind, which is created if it is missing. */
    public static Version ensure(Clients clients, Console console, Version version, ArtifactKind kind) {
        if (has(version, kind)) {
            return version;
        }
        if (!has(version, ArtifactKind.ARTIFACT_KIND_HUGGING_FACE)) {
            throw new CliException(
                    Names.brief(version.getName())
                            + " has no Hugging Face directory from which the GGUF file could be made",
                    "its artifacts: rootstock models show " + Names.brief(version.getName()));
        }
        try (Progress progress = Progress.open(console, "quantize")) {
            Iterator<AddVersionArtifactResponse> responses = clients.models()
                    .addVersionArtifact(AddVersionArtifactRequest.newBuilder()
                            .setName(version.getName())
                            .setKind(kind)
                            .build());
            AddVersionArtifactResponse last = AddVersionArtifactResponse.getDefaultInstance();
            while (responses.hasNext()) {
                last = responses.next();
                progress.show(0, 1, last.getStage());
            }
            return last.getVersion();
        }
    }

    private static boolean has(Version version, ArtifactKind kind) {
        return version.getArtifactsList().stream().anyMatch(artifact -> artifact.getKind() == kind);
    }
}
