package io.rootstock.registry.model;

import com.google.protobuf.InvalidProtocolBufferException;
import io.rootstock.names.EnumNames;
import io.rootstock.names.VersionName;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.SpecialTokens;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows of {@code version_artifact} and {@code version_metric}, which are inserted in the transaction that inserts their
 * version (the database rejects later inserts and all changes), and of {@code version_description}.
 */
final class VersionContent {
    /** Joins the rows of the versions in two arrays: models and numbers. */
    private static final String WANTED = " join unnest(?, ?) as wanted (model, number) using (model, number) ";

    private VersionContent() {}

    /** Inserts the artifacts, the metrics, the description and the tags of a version. */
    static void insert(Connection connection, VersionName name, Version version) throws SQLException {
        int position = 0;
        for (Artifact artifact : version.getArtifactsList()) {
            position++;
            insert(connection, name, position, artifact);
        }
        for (Map.Entry<String, Double> metric : version.getMetricsMap().entrySet()) {
            Sql.of(
                            connection,
                            "insert into version_metric (model, number, name, value) values (?, ?, ?, ?)",
                            name.model(),
                            name.number(),
                            metric.getKey(),
                            metric.getValue())
                    .update();
        }
        if (!version.getDescription().isEmpty() || version.getTagsCount() > 0) {
            Sql.of(
                            connection,
                            """
                            insert into version_description (model, number, description, tags) values (?, ?, ?, ?::jsonb)
                            """,
                            name.model(),
                            name.number(),
                            version.getDescription(),
                            Tags.json(version.getTagsMap(), "version.tags"))
                    .update();
        }
    }

    /** Inserts an artifact of a version. */
    static void insert(Connection connection, VersionName name, int position, Artifact artifact) throws SQLException {
        Sql.of(
                        connection,
                        """
                        insert into version_artifact (model, number, position, kind, digest, bytes, special_tokens)
                        values (?, ?, ?, ?, ?, ?, ?::bytea)
                        """,
                        name.model(),
                        name.number(),
                        position,
                        EnumNames.of(artifact.getKind()),
                        artifact.getDigest(),
                        artifact.getBytes(),
                        artifact.hasSpecialTokens()
                                ? artifact.getSpecialTokens().toByteArray()
                                : null)
                .update();
    }

    /** Returns the versions, in the given order, with their artifacts, metrics, descriptions and tags added. */
    static List<Version> added(Connection connection, List<Version> versions) throws SQLException {
        if (versions.isEmpty()) {
            return versions;
        }
        Map<VersionName, Version.Builder> builders = new LinkedHashMap<>();
        versions.forEach(version -> builders.put(VersionName.parse(version.getName()), version.toBuilder()));
        List<String> models = builders.keySet().stream().map(VersionName::model).toList();
        List<Long> numbers = builders.keySet().stream().map(VersionName::number).toList();
        for (Row<Artifact> row : Sql.of(
                        connection, "select * from version_artifact" + WANTED + "order by position", models, numbers)
                .list(row -> new Row<>(name(row), artifact(row)))) {
            builders.get(row.name()).addArtifacts(row.value());
        }
        for (Row<Map.Entry<String, Double>> row : Sql.of(
                        connection, "select * from version_metric" + WANTED, models, numbers)
                .list(row -> new Row<>(name(row), Map.entry(row.getString("name"), row.getDouble("value"))))) {
            builders.get(row.name())
                    .putMetrics(row.value().getKey(), row.value().getValue());
        }
        for (Row<Version> row : Sql.of(connection, "select * from version_description" + WANTED, models, numbers)
                .list(row -> new Row<>(name(row), description(row)))) {
            builders.get(row.name()).mergeFrom(row.value());
        }
        return builders.values().stream().map(Version.Builder::build).toList();
    }

    private record Row<T>(VersionName name, T value) {}

    private static VersionName name(ResultSet row) throws SQLException {
        return new VersionName(row.getString("model"), row.getLong("number"));
    }

    private static Version description(ResultSet row) throws SQLException {
        return Version.newBuilder()
                .setDescription(row.getString("description"))
                .putAllTags(Tags.parse(row.getString("tags")))
                .setArchived(row.getBoolean("archived"))
                .setPinned(row.getBoolean("pinned"))
                .build();
    }

    private static Artifact artifact(ResultSet row) throws SQLException {
        Artifact.Builder artifact = Artifact.newBuilder()
                .setKind(EnumNames.parse(ArtifactKind.class, row.getString("kind")))
                .setDigest(row.getString("digest"))
                .setBytes(row.getLong("bytes"));
        byte[] specialTokens = row.getBytes("special_tokens");
        if (specialTokens != null) {
            try {
                artifact.setSpecialTokens(SpecialTokens.parseFrom(specialTokens));
            } catch (InvalidProtocolBufferException e) {
                throw new SQLException("column special_tokens does not contain a valid message", e);
            }
        }
        return artifact.build();
    }
}
