package io.rootstock.registry.evaluation;

import com.google.protobuf.InvalidProtocolBufferException;
import io.rootstock.evaluation.v1.TrainingData;
import io.rootstock.names.VersionName;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.model.Models;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.MixtureSourcePlan;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The training data of a version's lineage: of the version, its parents, and versions whose adapter a job continued. Data that
 * the registry never knew has an entry with the reason.
 */
final class TrainingLineage {
    /** Versions that are followed. */
    private static final int MAX_VERSIONS = 40;

    private static final String JOBS = "jobs/";

    private final Connection connection;
    private final Set<VersionName> followed = new LinkedHashSet<>();
    private final Deque<VersionName> open = new ArrayDeque<>();
    private final List<TrainingData> data = new ArrayList<>();

    private TrainingLineage(Connection connection) {
        this.connection = connection;
    }

    /** Returns the data that trained a version and its ancestors, the version's first. */
    static List<TrainingData> of(Connection connection, VersionName version) throws SQLException {
        TrainingLineage lineage = new TrainingLineage(connection);
        lineage.open.add(version);
        while (!lineage.open.isEmpty()) {
            VersionName next = lineage.open.remove();
            if (lineage.followed.contains(next)) {
                continue;
            }
            if (lineage.followed.size() == MAX_VERSIONS) {
                lineage.unknown(
                        next.toString(), "only the closest " + MAX_VERSIONS + " versions of the lineage are followed");
                break;
            }
            lineage.followed.add(next);
            lineage.add(Models.version(connection, new VersionReference.ByNumber(next)));
        }
        return List.copyOf(lineage.data);
    }

    private void add(Version version) throws SQLException {
        if (!version.getDatasetDigest().isEmpty()) {
            data.add(TrainingData.newBuilder()
                    .setVersion(version.getName())
                    .setDataset(version.getDataset())
                    .setDatasetDigest(version.getDatasetDigest())
                    .setTokenizerDigest(version.getTokenizerDigest())
                    .setImported(version.hasOrigin())
                    .build());
        } else if (version.hasMixture()) {
            mixture(version);
        } else {
            unknown(
                    version.getName(),
                    version.getParent().isEmpty()
                            ? "base of others: its training data is not known"
                            : "registered without a dataset: its training data is not known");
        }
        for (String ancestor : version.getOrigin().getAncestorsList()) {
            unknown(ancestor, "ancestor in another installation: its training data is not known");
        }
        if (!version.getParent().isEmpty()) {
            open.add(VersionName.parse(version.getParent()));
        }
        if (version.getJob().startsWith(JOBS)) {
            continuedAdapter(version);
        }
    }

    /** Adds each dataset of the version's mixture once. */
    private void mixture(Version version) {
        Set<String> digests = new LinkedHashSet<>();
        for (MixtureSourcePlan source : version.getMixture().getSourcesList()) {
            if (digests.add(source.getDatasetDigest())) {
                data.add(TrainingData.newBuilder()
                        .setVersion(version.getName())
                        .setDataset(source.getDataset())
                        .setDatasetDigest(source.getDatasetDigest())
                        .setTokenizerDigest(version.getTokenizerDigest())
                        .setImported(version.hasOrigin())
                        .build());
            }
        }
    }

    /** Follows the version of the adapter from which the version's job started. */
    private void continuedAdapter(Version version) throws SQLException {
        Optional<byte[]> spec = Sql.of(
                        connection,
                        "select spec from training where job = ?",
                        version.getJob().substring(JOBS.length()))
                .first(row -> row.getBytes("spec"));
        if (spec.isEmpty()) {
            return;
        }
        String adapter = parsed(spec.get()).getAdapterDigest();
        if (adapter.isEmpty()) {
            return;
        }
        List<VersionName> versions = Sql.of(
                        connection,
                        "select distinct model, number from version_artifact where digest = ? order by model, number limit ?",
                        adapter,
                        MAX_VERSIONS)
                .list(row -> new VersionName(row.getString("model"), row.getLong("number")));
        if (versions.isEmpty()) {
            unknown(
                    version.getName(),
                    "training started from the adapter " + adapter + " of no version: its training"
                            + " data is not known");
        }
        open.addAll(versions);
    }

    private static JobSpec parsed(byte[] spec) throws SQLException {
        try {
            return JobSpec.parseFrom(spec);
        } catch (InvalidProtocolBufferException e) {
            throw new SQLException("column spec does not contain a job's specification", e);
        }
    }

    private void unknown(String version, String reason) {
        data.add(TrainingData.newBuilder()
                .setVersion(version)
                .setUnknownReason(reason)
                .build());
    }
}
