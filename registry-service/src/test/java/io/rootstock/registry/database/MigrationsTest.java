package io.rootstock.registry.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.registry.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class MigrationsTest {
    @Test
    void createsTheSchemaAndKeepsItAtTheNextStart() throws SQLException {
        PGSimpleDataSource source = TestDatabase.newDatabase();
        Database.open(new DatabaseServer.External(source)).close();
        execute(source, "insert into registry.model (id) values ('kept')");
        try (Database database = Database.open(new DatabaseServer.External(source))) {
            assertThat(database.<String>read(connection ->
                            Sql.of(connection, "select id from model").one(row -> row.getString(1))))
                    .isEqualTo("kept");
            assertThat(database.<Integer>read(connection -> Sql.of(
                                    connection, "select count(*) from flyway_schema_history where version is not null")
                            .one(row -> row.getInt(1))))
                    .isEqualTo(Migrations.ALL.size());
        }
    }

    @Test
    void rejectsASchemaOfANewerRegistry() throws SQLException {
        PGSimpleDataSource source = TestDatabase.newDatabase();
        Database.open(new DatabaseServer.External(source)).close();
        execute(source, """
                insert into registry.flyway_schema_history
                select installed_rank + 100, '999', 'from the future', type, 'V999__future.sql', checksum,
                    installed_by, installed_on, execution_time, success
                from registry.flyway_schema_history where version = '2'
                """);
        assertThatThrownBy(() -> Database.open(new DatabaseServer.External(source)).close())
                .isInstanceOf(DatabaseStartException.class)
                .hasMessageContaining("999");
    }

    @Test
    void changesOfAnAppliedMigrationAreRejected() throws SQLException {
        PGSimpleDataSource source = TestDatabase.newDatabase();
        Database.open(new DatabaseServer.External(source)).close();
        execute(source, "update registry.flyway_schema_history set checksum = checksum + 1 where version = '1'");
        assertThatThrownBy(() -> Database.open(new DatabaseServer.External(source)).close()).hasMessageContaining("checksum");
    }

    @Test
    void theDesiredStateOfAStoredJobIsDerivedFromItsStateAndMessage() throws SQLException {
        PGSimpleDataSource source = at("5");
        execute(source, """
                insert into job (id, spec, state, message) values
                    ('a', '', 'RUNNING', ''),
                    ('b', '', 'RUNNING', 'pause requested'),
                    ('c', '', 'QUEUED', 'cancellation requested'),
                    ('d', '', 'PAUSED', 'a checkpoint is written'),
                    ('e', '', 'CANCELLED', 'cancelled by request'),
                    ('f', '', 'FAILED', 'pause requested late')
                """);
        try (Database database = Database.open(new DatabaseServer.External(source))) {
            assertThat(database.<List<String>>read(connection -> Sql.of(
                                    connection, "select desired_state from job order by id")
                            .list(row -> row.getString(1))))
                    .containsExactly("RUNNING", "PAUSED", "CANCELLED", "PAUSED", "CANCELLED", "RUNNING");
        }
    }

    /** Creates a database whose schema is at an earlier version. */
    private static PGSimpleDataSource at(String version) {
        PGSimpleDataSource source = TestDatabase.newDatabase();
        source.setCurrentSchema(Migrations.SCHEMA);
        Migrations.migrate(source, MigrationVersion.fromVersion(version));
        return source;
    }

    private static void execute(PGSimpleDataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
