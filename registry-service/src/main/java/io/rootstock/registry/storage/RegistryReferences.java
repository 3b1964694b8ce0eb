package io.rootstock.registry.storage;

import com.google.protobuf.InvalidProtocolBufferException;
import io.rootstock.artifacts.Digest;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.MixtureSource;
import io.rootstock.trainer.v1.RunArtifacts;
import io.rootstock.trainer.v1.RunSpec;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * References of the registry at one time.
 *
 * @param digests artifacts of versions, files and parts of uploads, files of suites, row records of evaluations, checkpoints
 *     of jobs, and artifacts of jobs that have not succeeded
 * @param succeeded ids of the jobs that have succeeded; their runs need no artifacts any more
 */
public record RegistryReferences(Set<Digest> digests, Set<String> succeeded) {

    /** Reads the references of the transaction's snapshot. */
    public static RegistryReferences read(Connection connection) throws SQLException {
        Set<Digest> digests = new HashSet<>();
        Sql.of(connection, """
                        select digest from version_artifact
                        union select digest from file
                        union select digest from job_checkpoint
                        union select digest from suite_file
                        union select rows_digest from evaluation where rows_digest is not null
                        union select upload_part.digest from upload_part join upload on upload.id = upload_part.upload
                            where upload.state = 'PENDING' and upload.expire_time > clock_timestamp()
                        """)
                .list(row -> row.getString(1))
                .forEach(digest -> Digest.find(digest).ifPresent(digests::add));
        Sql.of(
                        connection,
                        "select spec, run_spec, artifacts from training join job on job.id = job where state <> 'SUCCEEDED'")
                .list(RegistryReferences::digests)
                .forEach(digests::addAll);
        return new RegistryReferences(
                digests,
                Set.copyOf(Sql.of(connection, "select id from job where state = 'SUCCEEDED'")
                        .list(row -> row.getString(1))));
    }

    private static List<Digest> digests(ResultSet row) throws SQLException {
        try {
            RunSpec run = RunSpec.parseFrom(bytes(row, "run_spec"));
            return Stream.of(
                            Stream.of(
                                    JobSpec.parseFrom(bytes(row, "spec")).getAdapterDigest(),
                                    run.getDatasetDigest(),
                                    run.getBaseDigest(),
                                    run.getBaseGgufDigest(),
                                    run.getAdapterDigest()),
                            run.getMixture().getSourcesList().stream().map(MixtureSource::getDatasetDigest),
                            RunArtifacts.parseFrom(bytes(row, "artifacts")).getArtifactsList().stream()
                                    .map(Artifact::getDigest))
                    .flatMap(digests -> digests)
                    .flatMap(digest -> Digest.find(digest).stream())
                    .toList();
        } catch (InvalidProtocolBufferException e) {
            throw new SQLException("a row of training does not contain a valid message", e);
        }
    }

    private static byte[] bytes(ResultSet row, String column) throws SQLException {
        byte[] bytes = row.getBytes(column);
        return bytes == null ? new byte[0] : bytes;
    }
}
