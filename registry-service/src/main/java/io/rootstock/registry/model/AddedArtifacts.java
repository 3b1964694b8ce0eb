package io.rootstock.registry.model;

import io.rootstock.names.VersionName;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.RequestLog;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.v1.AddVersionArtifactRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Adds GGUF files to versions; each is created from the version's Hugging Face directory. */
@ApplicationScoped
public class AddedArtifacts {
    /** Kinds of the files. */
    public static final Set<ArtifactKind> KINDS = Set.of(
            ArtifactKind.ARTIFACT_KIND_GGUF_F32,
            ArtifactKind.ARTIFACT_KIND_GGUF_F16,
            ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0,
            ArtifactKind.ARTIFACT_KIND_GGUF_Q4_K_M);

    /** Begin of the error for another kind. */
    public static final String MUST_BE = "must be GGUF_F32, GGUF_F16, GGUF_Q8_0 or GGUF_Q4_K_M, is ";

    private final Database database;
    private final Models models;
    private final ArtifactCheck artifacts;

    /** Creates the operation. */
    @Inject
    public AddedArtifacts(Database database, Models models, ArtifactCheck artifacts) {
        this.database = database;
        this.models = models;
        this.artifacts = artifacts;
    }

    /** Adds an artifact and returns the version; without effect if it has the artifact. */
    public Version add(AddVersionArtifactRequest request) {
        VersionName version = RequestNames.parse(request.getName(), "name", VersionName::parse);
        ArtifactKind kind = request.getArtifact().getKind();
        if (!KINDS.contains(kind)) {
            throw Errors.invalidArgument("artifact.kind", MUST_BE + kind);
        }
        Artifact artifact = artifacts.verified(request.getArtifact(), "artifact").toBuilder()
                .clearSpecialTokens()
                .build();
        database.write(connection -> RequestLog.once(connection, request, () -> {
            add(connection, version, artifact);
            return "";
        }));
        return models.version(new VersionReference.ByNumber(version));
    }

    private static void add(Connection connection, VersionName version, Artifact artifact) throws SQLException {
        // Additions to one version exclude each other.
        List<Long> _ = Sql.of(
                        connection,
                        "select number from version where model = ? and number = ? for no key update",
                        version.model(),
                        version.number())
                .list(row -> row.getLong(1));
        Version current = Models.version(connection, new VersionReference.ByNumber(version));
        if (find(current, ArtifactKind.ARTIFACT_KIND_HUGGING_FACE).isEmpty()) {
            throw Errors.failedPrecondition(
                    "NO_WEIGHTS", version + " has no Hugging Face directory from which the file could be made");
        }
        Optional<Artifact> existing = find(current, artifact.getKind());
        if (existing.isEmpty()) {
            VersionContent.insert(connection, version, current.getArtifactsCount() + 1, artifact);
        } else if (!existing.get().getDigest().equals(artifact.getDigest())) {
            throw Errors.alreadyExists(
                    version + "'s artifact of kind " + artifact.getKind(),
                    "it is " + existing.get().getDigest() + "; files of a version are not replaced");
        }
    }

    private static Optional<Artifact> find(Version version, ArtifactKind kind) {
        return version.getArtifactsList().stream()
                .filter(artifact -> artifact.getKind() == kind)
                .findFirst();
    }
}
