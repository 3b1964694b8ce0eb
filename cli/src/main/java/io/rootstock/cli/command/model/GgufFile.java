package io.rootstock.cli.command.model;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.operation.GgufCreation;
import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** GGUF files of a version, by the names of the command line. */
enum GgufFile {
    F32(ArtifactKind.ARTIFACT_KIND_GGUF_F32),
    F16(ArtifactKind.ARTIFACT_KIND_GGUF_F16),
    Q8_0(ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0),
    Q4_K_M(ArtifactKind.ARTIFACT_KIND_GGUF_Q4_K_M),
    ORIGINAL(ArtifactKind.ARTIFACT_KIND_GGUF_ORIGINAL);

    private final ArtifactKind kind;

    GgufFile(ArtifactKind kind) {
        this.kind = kind;
    }

    /**
     * Returns a version's GGUF file.
     *
     * @param wanted the file; empty: Q8_0 if there is one, else F32
     * @throws CliException if the version has no such file
     */
    static Artifact of(Version version, Optional<GgufFile> wanted) {
        List<GgufFile> accepted = wanted.map(List::of).orElseGet(() -> List.of(Q8_0, F32));
        return accepted.stream()
                .flatMap(
                        file -> version.getArtifactsList().stream().filter(artifact -> artifact.getKind() == file.kind))
                .findFirst()
                .orElseThrow(() -> new CliException(
                        Names.brief(version.getName()) + " has no "
                                + accepted.getFirst().label() + " file",
                        "its artifacts: rootstock models show " + Names.brief(version.getName())));
    }

    /** Returns the version with this file, which is created if the version does not have it and it can be made. */
    Version ensure(Clients clients, Console console, Version version) {
        return this == ORIGINAL ? version : GgufCreation.ensure(clients, console, version, kind);
    }

    /** Name of a GGUF file of {@link #of}. */
    static String name(Artifact artifact) {
        return artifact.getKind()
                .name()
                .substring("ARTIFACT_KIND_GGUF_".length())
                .toLowerCase(Locale.ROOT);
    }

    private String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
