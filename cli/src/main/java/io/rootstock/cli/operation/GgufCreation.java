package io.rootstock.cli.operation;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Progress;
import io.rootstock.cli.error.CliException;
import io.rootstock.names.VersionName;
import io.rootstock.registry.v1.AddVersionArtifactRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.CreateGgufRequest;
import io.rootstock.trainer.v1.CreateGgufResponse;
import java.util.Iterator;

/** Creates a GGUF file that a version does not have, and adds it to the version. */
public final class GgufCreation {
    private GgufCreation() {}

    /** Returns the version with a file of this kind, which is created if it is missing. */
    public static Version ensure(Clients clients, Console console, Version version, ArtifactKind kind) {
        if (version.getArtifactsList().stream().anyMatch(artifact -> artifact.getKind() == kind)) {
            return version;
        }
        String directory = version.getArtifactsList().stream()
                .filter(artifact -> artifact.getKind() == ArtifactKind.ARTIFACT_KIND_HUGGING_FACE)
                .map(Artifact::getDigest)
                .findFirst()
                .orElseThrow(() -> new CliException(
                        Names.brief(version.getName())
                                + " has no Hugging Face directory from which the GGUF file could be made",
                        "its artifacts: rootstock models show " + Names.brief(version.getName())));
        Artifact created = create(
                clients,
                console,
                CreateGgufRequest.newBuilder()
                        .setHuggingFaceDigest(directory)
                        .setKind(kind)
                        .setModelName(VersionName.parse(version.getName()).model())
                        .build());
        return clients.models()
                .addVersionArtifact(AddVersionArtifactRequest.newBuilder()
                        .setName(version.getName())
                        .setArtifact(created)
                        .build())
                .getVersion();
    }

    private static Artifact create(Clients clients, Console console, CreateGgufRequest request) {
        try (Progress progress = Progress.open(console, "quantize")) {
            Iterator<CreateGgufResponse> responses = clients.trainer().createGguf(request);
            CreateGgufResponse last = CreateGgufResponse.getDefaultInstance();
            while (responses.hasNext()) {
                last = responses.next();
                progress.show(0, 1, last.getStage());
            }
            return last.getArtifact();
        }
    }
}
