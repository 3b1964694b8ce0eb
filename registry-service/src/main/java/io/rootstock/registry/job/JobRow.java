package io.rootstock.registry.job;

import com.google.protobuf.Timestamp;
import io.rootstock.job.v1.JobKind;
import io.rootstock.job.v1.JobState;
import io.rootstock.names.EnumNames;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.v1.Job;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What a row of {@code job} has for every kind.
 *
 * @param model id of the model that is trained, or whose version is evaluated
 * @param owner users/{user} or serviceAccounts/{service_account}
 */
public record JobRow(
        String id,
        JobKind kind,
        String model,
        String owner,
        JobState state,
        String message,
        long revision,
        Timestamp createTime,
        Timestamp updateTime) {
    /** Reads the columns of {@code job} in a row. */
    public static JobRow read(ResultSet row) throws SQLException {
        return new JobRow(
                row.getString("id"),
                EnumNames.parse(JobKind.class, row.getString("kind")),
                row.getString("model"),
                row.getString("owner"),
                JobStates.fromColumn(row.getString("state")),
                row.getString("message"),
                row.getLong("revision"),
                Sql.timestamp(row, "create_time"),
                Sql.timestamp(row, "update_time"));
    }

    /** The resource name, {@code jobs/{job}}. */
    public String name() {
        return "jobs/" + id;
    }

    /** Revision, as clients see it. */
    public String etag() {
        return Long.toString(revision);
    }

    /** Returns a message with what every kind has. */
    public Job.Builder toProto() {
        return Job.newBuilder()
                .setName(name())
                .setKind(kind)
                .setOwner(owner)
                .setState(state)
                .setMessage(message)
                .setCreateTime(createTime)
                .setUpdateTime(updateTime)
                .setEtag(etag());
    }
}
