package io.rootstock.registry.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rootstock.database.TestDatabase;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DatabaseServer;
import io.rootstock.registry.database.Leadership;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.watch.Changes;
import org.junit.jupiter.api.Test;

class RegistryMetricsTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void countTheWorkOfTheDatabase() {
        try (Database database = Database.open(new DatabaseServer.External(TestDatabase.create()));
                RegistryMetrics metrics =
                        new RegistryMetrics(database, new Leadership(database, new Changes()), meters)) {
            write(database, """
                    insert into job (id, kind, model, state) values ('a', 'PRETRAIN', 'm', 'QUEUED'),
                        ('b', 'PRETRAIN', 'm', 'QUEUED'), ('c', 'FINE_TUNE', 'm', 'NEEDS_RECOVERY'),
                        ('d', 'EVALUATE', 'm', 'QUEUED')
                    """);
            write(
                    database,
                    "insert into job_command (job, command, create_time) values ('a', 'START', now() - interval '100"
                            + " s')");
            write(
                    database,
                    "insert into webhook (id, url, event_types, secret) values ('w', 'https://x.example', '{}', '')");
            write(database, """
                    insert into webhook_delivery (webhook, event, event_type, body, state, create_time) values
                        ('w', 'e', 't', '', 'PENDING', now() - interval '50 s'), ('w', 'f', 't', '', 'SUCCEEDED', now())
                    """);
            metrics.start();
            RegistryHarness.eventually(() -> gauge("rootstock.registry.database.up") == 1);
            assertThat(jobs("pretrain", "queued")).isEqualTo(2);
            assertThat(jobs("fine_tune", "queued")).isZero();
            assertThat(jobs("fine_tune", "needs_recovery")).isEqualTo(1);
            assertThat(jobs("evaluate", "queued")).isEqualTo(1);
            assertThat(jobs("evaluate", "succeeded")).isZero();
            assertThat(gauge("rootstock.registry.commands")).isEqualTo(1);
            assertThat(gauge("rootstock.registry.commands.age")).isBetween(100.0, 200.0);
            assertThat(gauge("rootstock.registry.webhook.deliveries")).isEqualTo(1);
            assertThat(gauge("rootstock.registry.webhook.deliveries.age")).isBetween(50.0, 150.0);
            assertThat(gauge("rootstock.registry.leads")).isZero();
            assertThat(meters.get("hikaricp.connections.max").gauge().value()).isEqualTo(16);
        }
    }

    @Test
    void areNotANumberWithoutTheDatabase() {
        Database database = Database.open(new DatabaseServer.External(TestDatabase.create()));
        database.close();
        try (RegistryMetrics metrics = new RegistryMetrics(database, new Leadership(database, new Changes()), meters)) {
            metrics.start();
            assertThat(gauge("rootstock.registry.database.up")).isZero();
            assertThat(jobs("pretrain", "queued")).isNaN();
        }
    }

    private static void write(Database database, String statement) {
        int _ = database.write(connection -> Sql.of(connection, statement).update());
    }

    private double jobs(String kind, String state) {
        return meters.get("rootstock.registry.jobs")
                .tag("kind", kind)
                .tag("state", state)
                .gauge()
                .value();
    }

    private double gauge(String name) {
        return meters.get(name).gauge().value();
    }
}
