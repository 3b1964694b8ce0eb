package io.rootstock.registry.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.rootstock.database.Schema;
import io.rootstock.database.TestDatabase;
import io.rootstock.postgres.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    private static final Duration CONNECTION_LIMIT = Duration.ofSeconds(1);

    @TempDir
    private Path home;

    @Test
    void aFailedTransactionIsRolledBack() {
        try (Database database = Database.open(new DatabaseServer.External(TestDatabase.create()))) {
            assertThatThrownBy(() -> database.write(connection -> {
                        Sql.of(connection, "insert into model (id) values ('gone')")
                                .update();
                        throw new IllegalStateException("on purpose");
                    }))
                    .hasMessage("on purpose");
            assertThat(models(database)).isZero();
        }
    }

    @Test
    void aUniqueViolationIsAlreadyExistsAndNotRetried() {
        try (Database database = Database.open(new DatabaseServer.External(TestDatabase.create()))) {
            AtomicInteger attempts = new AtomicInteger();
            DatabaseException failure = failure(database, connection -> {
                attempts.incrementAndGet();
                return update(connection, "insert into model (id) values ('twice'), ('twice')");
            });
            assertThat(failure.failure()).isEqualTo(DatabaseFailure.ALREADY_EXISTS);
            assertThat(failure).hasMessageContaining("model_pkey").hasMessageContaining("23505");
            assertThat(attempts).hasValue(1);
        }
    }

    @Test
    void aSerializationFailureIsRetriedAndThenAborted() {
        try (Database database = Database.open(new DatabaseServer.External(TestDatabase.create()))) {
            AtomicInteger attempts = new AtomicInteger();
            DatabaseException failure = failure(database, connection -> {
                attempts.incrementAndGet();
                return update(connection, "do $$ begin raise exception 'lost' using errcode = '40001'; end $$");
            });
            assertThat(failure.failure()).isEqualTo(DatabaseFailure.ABORTED);
            assertThat(attempts).hasValue(5);
        }
    }

    @Test
    void aKilledConnectionIsUnavailableAndIsReplaced() {
        try (Database database = Database.open(new DatabaseServer.External(TestDatabase.create()))) {
            DatabaseException failure = failure(
                    database,
                    connection -> Sql.of(connection, "select pg_terminate_backend(pg_backend_pid())")
                            .one(row -> row.getBoolean(1)));
            assertThat(failure.failure()).isEqualTo(DatabaseFailure.UNAVAILABLE);
            assertThat(failure).hasMessageContaining("57P01");
            assertThat(models(database)).isZero();
        }
    }

    @Test
    void aStoppedServerIsUnavailable() {
        EmbeddedPostgres server = EmbeddedPostgres.start(home.resolve("postgres"), Path.of("target/test-native"));
        try (Database database =
                Database.open(new DatabaseServer.Embedded(server), Schema.REGISTRY, CONNECTION_LIMIT)) {
            assertThat(database.answers()).isTrue();
            DatabaseException inside = failure(database, connection -> {
                server.close();
                return update(connection, "insert into model (id) values ('late')");
            });
            assertThat(inside.failure()).isEqualTo(DatabaseFailure.UNAVAILABLE);
            assertThat(failure(database, DatabaseTest::count).failure()).isEqualTo(DatabaseFailure.UNAVAILABLE);
            assertThat(database.answers()).isFalse();
        } finally {
            server.close();
        }
    }

    @Test
    void aSyntaxErrorIsInternalAndNotRetried() {
        try (Database database = Database.open(new DatabaseServer.External(TestDatabase.create()))) {
            AtomicInteger attempts = new AtomicInteger();
            DatabaseException failure = failure(database, connection -> {
                attempts.incrementAndGet();
                return update(connection, "insert into nothing");
            });
            assertThat(failure.failure()).isEqualTo(DatabaseFailure.INTERNAL);
            assertThat(failure).hasMessageContaining("42601").hasCauseInstanceOf(SQLException.class);
            assertThat(attempts).hasValue(1);
        }
    }

    @Test
    void aFullDiskIsUnavailable() {
        for (String state : List.of("53100", "58030")) {
            assertThat(DatabaseFailure.of(new SQLException("could not extend file", state)))
                    .isEqualTo(DatabaseFailure.UNAVAILABLE);
        }
    }

    @Test
    void aFailureWithoutASqlStateIsInternal() {
        assertThat(DatabaseFailure.of(new SQLException("a row cannot be read"))).isEqualTo(DatabaseFailure.INTERNAL);
    }

    private static DatabaseException failure(Database database, Database.Work<?> work) {
        return catchThrowableOfType(DatabaseException.class, () -> database.write(work));
    }

    private static int models(Database database) {
        return database.read(DatabaseTest::count);
    }

    private static int count(Connection connection) throws SQLException {
        return Sql.of(connection, "select count(*) from model").one(row -> row.getInt(1));
    }

    private static int update(Connection connection, String statement) throws SQLException {
        return Sql.of(connection, statement).update();
    }
}
