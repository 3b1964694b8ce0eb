package io.rootstock.registry.model;

import io.rootstock.access.v1.Role;
import io.rootstock.names.VersionName;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.v1.AddVersionArtifactRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import io.rootstock.service.access.Caller;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.CreateGgufRequest;
import io.rootstock.trainer.v1.GgufFile;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Adds GGUF files to versions. The trainer creates each from the version's Hugging Face directory: a client names the kind,
 * never the content, so that a version keeps the weights of its job or import.
 */
@ApplicationScoped
public class AddedArtifacts {
    private final Database database;
    private final Models models;
    private final ArtifactCheck artifacts;
    private final GgufFiles files;

    /** Creates the operation. */
    @Inject
    public AddedArtifacts(Database database, Models models, ArtifactCheck artifacts, GgufFiles files) {
        this.database = database;
        this.models = models;
        this.artifacts = artifacts;
        this.files = files;
    }

    /**
     * Adds a file and returns the version; without effect if it has one of this kind.
     *
     * @param stages receives the stages of the work
     */
    public Version add(AddVersionArtifactRequest request, Consumer<String> stages) {
        VersionName version = RequestNames.parse(request.getName(), "name", VersionName::parse);
        ArtifactKind kind = request.getKind();
        requireMade(List.of(kind), "kind");
        Optional<String> directory = database.read(connection -> source(connection, version, kind));
        if (directory.isPresent()) {
            Artifact created = files.create(
                    CreateGgufRequest.newBuilder()
                            .setHuggingFaceDigest(directory.get())
                            .setKind(kind)
                            .setModelName(version.model())
                            .build(),
                    stages);
            Artifact artifact = artifacts.verified(
                    Artifact.newBuilder()
                            .setKind(kind)
                            .setDigest(created.getDigest())
                            .build(),
                    "artifact");
            database.write(connection -> {
                add(connection, version, artifact);
                return null;
            });
        }
        return models.version(new VersionReference.ByNumber(version));
    }

    /** Rejects kinds of files that the trainer does not make. */
    public static void requireMade(List<ArtifactKind> kinds, String field) {
        try {
            Set<GgufFile> _ = GgufFile.made(kinds);
        } catch (IllegalArgumentException e) {
            throw Errors.invalidArgument(field, e.getMessage());
        }
    }

    private static void add(Connection connection, VersionName version, Artifact artifact) throws SQLException {
        // Additions to one version exclude each other.
        List<Long> _ = Sql.of(
                        connection,
                        "select number from version where model = ? and number = ? for no key update",
                        version.model(),
                        version.number())
                .list(row -> row.getLong(1));
        if (source(connection, version, artifact.getKind()).isPresent()) {
            int artifacts = Models.version(connection, new VersionReference.ByNumber(version))
                    .getArtifactsCount();
            VersionContent.insert(connection, version, artifacts + 1, artifact);
        }
    }

    /** Returns the digest of the directory from which the caller may have a file made; empty if the version has the file. */
    private static Optional<String> source(Connection connection, VersionName version, ArtifactKind kind)
            throws SQLException {
        Version current = Models.version(connection, new VersionReference.ByNumber(version));
        if (digest(current, kind).isPresent()) {
            return Optional.empty();
        }
        if (isServed(connection, version)) {
            Caller.current().require(Role.ROLE_PROMOTER, version.toString());
        }
        return Optional.of(digest(current, ArtifactKind.ARTIFACT_KIND_HUGGING_FACE)
                .orElseThrow(() -> Errors.failedPrecondition(
                        "NO_WEIGHTS", version + " has no Hugging Face directory from which the file could be made")));
    }

    /** Whether an alias points to a version, or has it as its canary. */
    private static boolean isServed(Connection connection, VersionName version) throws SQLException {
        return Sql.of(connection, """
                        select 1 from alias join alias_move using (sequence)
                        where alias.model = ? and ? in (alias.number, alias_move.canary_number) limit 1
                        """, version.model(), version.number())
                .first(row -> row.getInt(1))
                .isPresent();
    }

    private static Optional<String> digest(Version version, ArtifactKind kind) {
        return version.getArtifactsList().stream()
                .filter(artifact -> artifact.getKind() == kind)
                .map(Artifact::getDigest)
                .findFirst();
    }
}
