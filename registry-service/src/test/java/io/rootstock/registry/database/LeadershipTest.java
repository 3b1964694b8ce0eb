package io.rootstock.registry.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.database.TestDatabase;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.watch.Changes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class LeadershipTest {
    private static final Duration FAILOVER = Duration.ofSeconds(5);

    private final PGSimpleDataSource source = TestDatabase.create();
    private Database database;
    private Leadership first;
    private Leadership second;

    @BeforeEach
    void start() {
        database = Database.open(new DatabaseServer.External(source));
        first = new Leadership(database, new Changes());
        second = new Leadership(database, new Changes());
        first.start();
        RegistryHarness.eventually(first::held);
        second.start();
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
        database.close();
    }

    @Test
    void nobodyLeadsBeforeTheStart() {
        try (Leadership unstarted = new Leadership(database, new Changes())) {
            assertThat(unstarted.held()).isFalse();
        }
    }

    @Test
    void anotherLeadsOnceTheLeaderIsClosed() {
        assertThat(second.held()).isFalse();
        long start = System.nanoTime();
        first.close();
        assertThat(first.held()).isFalse();
        RegistryHarness.eventually(second::held);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(FAILOVER);
    }

    @Test
    void exactlyOneLeadsAfterTheSessionOfTheLeaderHasEnded() throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'");
        }
        RegistryHarness.eventually(() -> !first.held() || second.held());
        RegistryHarness.eventually(
                () -> List.of(first, second).stream().filter(Leadership::held).count() == 1);
    }
}
