package io.rootstock.registry.model;

import com.google.protobuf.InvalidProtocolBufferException;
import io.rootstock.names.VersionName;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.service.RequestNames;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.SpecialTokens;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rows of {@code model} and {@code version}. */
final class VersionRepository {
    private static final String KIND_PREFIX = "VERSION_KIND_";
    private static final String ARTIFACT_PREFIX = "ARTIFACT_KIND_";

    private VersionRepository() {}

    /**
     * Adds a version with the model's next number; creates the model if it is missing. The model's row stays locked
     * until the commit, so that numbers have no gaps and follow the order of commits.
     */
    static VersionName insert(Connection connection, String model, Version version) throws SQLException {
        Sql.of(connection, "insert into model (id) values (?) on conflict do nothing", model)
                .update();
        long number = Sql.of(
                        connection,
                        "update model set latest_version = latest_version + 1 where id = ? returning latest_version",
                        model)
                .one(row -> row.getLong(1));
        VersionName parent = version.getParent().isEmpty()
                ? null
                : RequestNames.parse(version.getParent(), "parent", VersionName::parse);
        List<Map.Entry<String, Double>> metrics = version.getMetricsMap().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .toList();
        Sql.of(
                        connection,
                        """
                        insert into version (model, number, kind, parent_model, parent_number, job,
                            dataset, dataset_digest, tokenizer, tokenizer_digest,
                            artifact_kinds, artifact_digests, artifact_bytes, special_tokens, labels, metric_names,
                            metric_values)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::bigint[], ?, ?, ?, ?::float8[])
                        """,
                        model,
                        number,
                        version.getKind().name().substring(KIND_PREFIX.length()),
                        parent == null ? null : parent.model(),
                        parent == null ? null : parent.number(),
                        version.getJob().isEmpty() ? null : version.getJob(),
                        version.getDataset(),
                        version.getDatasetDigest(),
                        version.getTokenizer(),
                        version.getTokenizerDigest(),
                        version.getArtifactsList().stream()
                                .map(artifact -> artifact.getKind().name().substring(ARTIFACT_PREFIX.length()))
                                .toList(),
                        version.getArtifactsList().stream()
                                .map(Artifact::getDigest)
                                .toList(),
                        version.getArtifactsList().stream()
                                .map(Artifact::getBytes)
                                .toList(),
                        version.getArtifactsList().stream()
                                .filter(Artifact::hasSpecialTokens)
                                .findFirst()
                                .map(artifact -> artifact.getSpecialTokens().toByteArray())
                                .orElse(null),
                        List.copyOf(version.getLabelsList()),
                        metrics.stream().map(Map.Entry::getKey).toList(),
                        metrics.stream().map(Map.Entry::getValue).toList())
                .update();
        return new VersionName(model, number);
    }

    static Optional<Version> find(Connection connection, VersionName name) throws SQLException {
        return Sql.of(connection, "select * from version where model = ? and number = ?", name.model(), name.number())
                .first(VersionRepository::version);
    }

    /** Returns versions with a number below {@code before}, newest first. */
    static List<Version> list(Connection connection, String model, long before, int limit) throws SQLException {
        return Sql.of(
                        connection,
                        "select * from version where model = ? and number < ? order by number desc limit ?",
                        model,
                        before,
                        limit)
                .list(VersionRepository::version);
    }

    /** Returns the oldest ancestor of a version, or the version itself if it has no parent. */
    static VersionName root(Connection connection, VersionName name) throws SQLException {
        return Sql.of(connection, """
                        with recursive ancestor as (
                            select * from version where model = ? and number = ?
                            union all
                            select parent.* from version parent
                            join ancestor on parent.model = ancestor.parent_model
                                and parent.number = ancestor.parent_number)
                        select model, number from ancestor where parent_model is null
                        """, name.model(), name.number())
                .one(row -> new VersionName(row.getString("model"), row.getLong("number")));
    }

    /** Returns a version and all its descendants, parents before children. */
    static List<Version> descendants(Connection connection, VersionName root) throws SQLException {
        return Sql.of(connection, """
                        with recursive descendant as (
                            select version.*, 0 as depth from version where model = ? and number = ?
                            union all
                            select child.*, descendant.depth + 1 from version child
                            join descendant on child.parent_model = descendant.model
                                and child.parent_number = descendant.number)
                        select * from descendant order by depth, model, number
                        """, root.model(), root.number()).list(VersionRepository::version);
    }

    private static SpecialTokens specialTokens(byte[] message) {
        try {
            return SpecialTokens.parseFrom(message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a version's special_tokens cannot be read", e);
        }
    }

    private static Version version(ResultSet row) throws SQLException {
        Version.Builder version = Version.newBuilder()
                .setName(new VersionName(row.getString("model"), row.getLong("number")).toString())
                .setKind(VersionKind.valueOf(KIND_PREFIX + row.getString("kind")))
                .setDataset(row.getString("dataset"))
                .setDatasetDigest(row.getString("dataset_digest"))
                .setTokenizer(row.getString("tokenizer"))
                .setTokenizerDigest(row.getString("tokenizer_digest"))
                .addAllLabels(Sql.strings(row, "labels"))
                .setCreateTime(Sql.timestamp(row, "create_time"));
        String parent = row.getString("parent_model");
        if (parent != null) {
            version.setParent(new VersionName(parent, row.getLong("parent_number")).toString());
        }
        String job = row.getString("job");
        if (job != null) {
            version.setJob(job);
        }
        List<String> kinds = Sql.strings(row, "artifact_kinds");
        List<String> digests = Sql.strings(row, "artifact_digests");
        List<Long> bytes = Sql.longs(row, "artifact_bytes");
        byte[] specialTokens = row.getBytes("special_tokens");
        for (int i = 0; i < kinds.size(); i++) {
            Artifact.Builder artifact = Artifact.newBuilder()
                    .setKind(ArtifactKind.valueOf(ARTIFACT_PREFIX + kinds.get(i)))
                    .setDigest(digests.get(i))
                    .setBytes(bytes.get(i));
            if (specialTokens != null && artifact.getKind() == ArtifactKind.ARTIFACT_KIND_HUGGING_FACE) {
                artifact.setSpecialTokens(specialTokens(specialTokens));
            }
            version.addArtifacts(artifact);
        }
        List<String> names = Sql.strings(row, "metric_names");
        List<Double> values = Sql.doubles(row, "metric_values");
        for (int i = 0; i < names.size(); i++) {
            version.putMetrics(names.get(i), values.get(i));
        }
        return version.build();
    }
}
