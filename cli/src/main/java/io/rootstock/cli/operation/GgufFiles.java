package io.rootstock.cli.operation;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Progress;
import io.rootstock.cli.error.CliException;
import io.rootstock.registry.v1.AddVersionArtifactRequest;
import io.rootstock.registry.v1.AddVersionArtifactResponse;
import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.GgufFile;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The GGUF files of a version: finds one, and adds one that the version does not have. */
public final class GgufFiles {
    private GgufFiles() {}

    /**
     * Returns a version's GGUF file.
     *
     * @param wanted the file; empty: Q8_0 if there is one, else F32
     * @throws CliException if the version has no such file
     */
    public static Artifact find(Version version, Optional<GgufFile> wanted) {
        List<GgufFile> accepted = wanted.map(List::of).orElseGet(() -> List.of(GgufFile.Q8_0, GgufFile.F32));
        return accepted.stream()
                .flatMap(file ->
                        version.getArtifactsList().stream().filter(artifact -> artifact.getKind() == file.kind()))
                .findFirst()
                .orElseThrow(() -> new CliException(
                        Names.brief(version.getName()) + " has no "
                                + accepted.getFirst().label() + " file",
                        "its artifacts: rootstock models show " + Names.brief(version.getName())));
    }

    /** Returns the version with a file, which is created if it is missing and can be made. */
    public static Version ensure(Clients clients, Console console, Version version, GgufFile file) {
        if (has(version, file.kind()) || !GgufFile.MADE.contains(file)) {
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
                            .setKind(file.kind())
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
