package io.rootstock.registry.gate;

import com.google.protobuf.InvalidProtocolBufferException;
import io.rootstock.evaluation.v1.Gate;
import io.rootstock.names.AliasName;
import io.rootstock.names.GateName;
import io.rootstock.names.SuiteRevisionName;
import io.rootstock.registry.database.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Rows of {@code gate}. */
final class GateRepository {
    private GateRepository() {}

    /** Stores or replaces a gate. */
    static void set(Connection connection, GateName name, Gate gate) throws SQLException {
        SuiteRevisionName suite = SuiteRevisionName.parse(gate.getSuiteRevision());
        Sql.of(
                        connection,
                        """
                        insert into gate (model, alias, id, gate, suite, suite_revision) values (?, ?, ?, ?, ?, ?)
                        on conflict (model, alias, id) do update set gate = excluded.gate, suite = excluded.suite,
                            suite_revision = excluded.suite_revision, update_time = clock_timestamp()
                        """,
                        name.alias().model(),
                        name.alias().alias(),
                        name.gate(),
                        gate.toBuilder().clearName().clearUpdateTime().build().toByteArray(),
                        suite.suite(),
                        suite.number())
                .update();
    }

    static Optional<Gate> find(Connection connection, GateName name) throws SQLException {
        return Sql.of(
                        connection,
                        "select * from gate where model = ? and alias = ? and id = ?",
                        name.alias().model(),
                        name.alias().alias(),
                        name.gate())
                .first(GateRepository::gate);
    }

    /** Returns the gates of an alias, by name. */
    static List<Gate> list(Connection connection, AliasName alias) throws SQLException {
        return Sql.of(
                        connection,
                        "select * from gate where model = ? and alias = ? order by id",
                        alias.model(),
                        alias.alias())
                .list(GateRepository::gate);
    }

    /** Deletes a gate; false if it does not exist. */
    static boolean delete(Connection connection, GateName name) throws SQLException {
        return Sql.of(
                                connection,
                                "delete from gate where model = ? and alias = ? and id = ?",
                                name.alias().model(),
                                name.alias().alias(),
                                name.gate())
                        .update()
                == 1;
    }

    private static Gate gate(ResultSet row) throws SQLException {
        try {
            return Gate.parseFrom(row.getBytes("gate")).toBuilder()
                    .setName(new GateName(
                                    new AliasName(row.getString("model"), row.getString("alias")), row.getString("id"))
                            .toString())
                    .setUpdateTime(Sql.timestamp(row, "update_time"))
                    .build();
        } catch (InvalidProtocolBufferException e) {
            throw new SQLException("column gate does not contain a gate", e);
        }
    }
}
