package io.rootstock.registry.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.database.TestDatabase;
import io.rootstock.job.v1.JobKind;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DatabaseServer;
import io.rootstock.registry.database.Sql;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebhookOutboxTest {
    private final Database database = Database.open(new DatabaseServer.External(TestDatabase.create()));

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void enabledWebhooksReceiveTheTypesThatTheyName() {
        webhook("all", "{}", "ENABLED");
        webhook("failures", "{job.failed}", "ENABLED");
        webhook("successes", "{job.succeeded}", "ENABLED");
        webhook("gone", "{}", "DISABLED");
        changed("base-1", JobState.JOB_STATE_FAILED);
        changed("base-1", JobState.JOB_STATE_RUNNING);
        changed("base-2", JobState.JOB_STATE_NEEDS_RECOVERY);
        assertThat(deliveries())
                .containsExactly(
                        "all job.failed PENDING", "all job.needs_recovery PENDING", "failures job.failed PENDING");
        assertThat(texts("select count(distinct event)::text from webhook_delivery"))
                .containsExactly("2");
        assertThat(texts("select body from webhook_delivery where webhook = 'failures'"))
                .singleElement()
                .asString()
                .matches("\\{\"id\":\"evt_[0-9a-z]{24}\",\"object\":\"event\",\"created_at\":[0-9]{10},"
                        + "\"type\":\"job.failed\",\"data\":\\{\"id\":\"base-1\"}}");
    }

    @Test
    void theEndsOfAnEvaluationAreEvents() {
        webhook("all", "{}", "ENABLED");
        webhook("failures", "{evaluation.failed}", "ENABLED");
        webhook("jobs", "{job.failed}", "ENABLED");
        for (JobState state : JobState.values()) {
            database.write(connection -> {
                WebhookOutbox.jobChanged(connection, "eval-1", JobKind.JOB_KIND_EVALUATE, state);
                return null;
            });
        }
        assertThat(deliveries())
                .containsExactly(
                        "all evaluation.cancelled PENDING",
                        "all evaluation.failed PENDING",
                        "all evaluation.succeeded PENDING",
                        "failures evaluation.failed PENDING");
        assertThat(texts("select distinct body::json->'data'->>'id' from webhook_delivery"))
                .containsExactly("eval-1");
    }

    @Test
    void anEventIsStoredWithItsChangeOrNotAtAll() {
        webhook("all", "{}", "ENABLED");
        assertThatThrownBy(() -> database.write(connection -> {
                    WebhookOutbox.jobChanged(
                            connection, "base-1", JobKind.JOB_KIND_PRETRAIN, JobState.JOB_STATE_FAILED);
                    throw new IllegalStateException("the change failed");
                }))
                .hasMessage("the change failed");
        assertThat(deliveries()).isEmpty();
    }

    @Test
    void aTrainingJobThatEndedBeforeItWasNamedEndsItsFineTuningJob() {
        webhook("all", "{}", "ENABLED");
        execute("insert into job (id, kind, model, state) values ('failed', 'FINE_TUNE', 'm', 'FAILED'),"
                + " ('running', 'FINE_TUNE', 'm', 'RUNNING'), ('cancelled', 'FINE_TUNE', 'm', 'CANCELLED')");
        for (String job : List.of("failed", "running", "cancelled", "deleted")) {
            database.write(connection -> {
                WebhookOutbox.trainingBegun(connection, "ftjob-" + job, job);
                return null;
            });
        }
        assertThat(texts("select event_type || ' ' || (body::json->'data'->>'id') from webhook_delivery"
                        + " order by number"))
                .containsExactly(
                        "fine_tuning.job.failed ftjob-failed",
                        "fine_tuning.job.cancelled ftjob-cancelled",
                        "fine_tuning.job.failed ftjob-deleted");
    }

    @Test
    void pendingDeliveriesAreLimited() {
        webhook("slow", "{}", "ENABLED");
        execute("insert into webhook_delivery (webhook, event, event_type, body, state, next_attempt_time)"
                + " select 'slow', 'evt', 'job.failed', '{}', 'PENDING', clock_timestamp()"
                + " from generate_series(1, 9999)");
        webhook("fast", "{}", "ENABLED");
        changed("base-1", JobState.JOB_STATE_SUCCEEDED);
        changed("base-2", JobState.JOB_STATE_SUCCEEDED);
        assertThat(texts("select webhook || ' ' || state from webhook_delivery where event <> 'evt' order by 1"))
                .containsExactly("fast PENDING", "fast PENDING", "slow FAILED", "slow PENDING");
    }

    private void webhook(String id, String types, String state) {
        execute("insert into webhook (id, url, event_types, secret, state) values ('" + id + "', '', '" + types
                + "', '', '" + state + "')");
    }

    private void changed(String job, JobState state) {
        database.write(connection -> {
            WebhookOutbox.jobChanged(connection, job, JobKind.JOB_KIND_FINE_TUNE, state);
            return null;
        });
    }

    private List<String> deliveries() {
        return texts("select webhook || ' ' || event_type || ' ' || state from webhook_delivery order by 1");
    }

    private List<String> texts(String query) {
        return database.read(connection -> Sql.of(connection, query).list(row -> row.getString(1)));
    }

    private void execute(String statement) {
        database.write(connection -> Sql.of(connection, statement).update());
    }
}
