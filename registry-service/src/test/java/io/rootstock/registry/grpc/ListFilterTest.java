package io.rootstock.registry.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.AliasMove;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.CreateWebhookRequest;
import io.rootstock.registry.v1.File;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.ListAliasHistoryRequest;
import io.rootstock.registry.v1.ListFilesRequest;
import io.rootstock.registry.v1.ListJobsRequest;
import io.rootstock.registry.v1.ListJobsResponse;
import io.rootstock.registry.v1.ListModelsRequest;
import io.rootstock.registry.v1.ListVersionsRequest;
import io.rootstock.registry.v1.ListWebhookDeliveriesRequest;
import io.rootstock.registry.v1.ListWebhooksRequest;
import io.rootstock.registry.v1.Model;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.registry.v1.UpdateModelRequest;
import io.rootstock.registry.v1.UpdateVersionRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.Webhook;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.trainer.v1.Task;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Filters and orders of the registry's lists in PostgreSQL. */
class ListFilterTest {
    @TempDir
    private Path scratch;

    private RegistryHarness registry;

    @BeforeEach
    void start() {
        registry = new RegistryHarness(scratch);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void modelsAndVersionsAreFiltered() {
        for (String name : List.of("ham", "spam", "spam-small")) {
            registry.register(name, Version.newBuilder().setLicense("mit").setDataset("datasets/" + name));
        }
        registry.register("spam", Version.newBuilder().setLicense("apache-2.0"));
        tag("ham", "team", "x");
        tag("spam", "team", "y");
        registry.models()
                .updateVersion(UpdateVersionRequest.newBuilder()
                        .setName("models/spam/versions/2")
                        .setDescription("100% new")
                        .putTags("reviewed", "yes")
                        .build());
        assertThat(models("name = models/spam*", "name desc")).containsExactly("models/spam-small", "models/spam");
        assertThat(models("tags.team = x OR latest_version = 2", "latest_version"))
                .containsExactly("models/ham", "models/spam");
        assertThat(models("tags.team != x", "")).containsExactly("models/spam", "models/spam-small");
        assertThat(models("tags:team AND create_time > \"2026-01-01\"", "create_time"))
                .containsExactly("models/ham", "models/spam");
        assertThat(models("name = \"models/' or ''='\"", "")).isEmpty();
        assertThat(models("name = models/s%", "")).isEmpty();
        assertThat(versions("spam", "license = mit", "")).containsExactly("models/spam/versions/1");
        assertThat(versions("spam", "kind = base", "create_time"))
                .containsExactly("models/spam/versions/1", "models/spam/versions/2");
        assertThat(versions("spam", "NOT tags:reviewed", "")).containsExactly("models/spam/versions/1");
        assertThat(versions("spam", "description = 100%*", "")).containsExactly("models/spam/versions/2");
        assertThat(versions("spam", "parent = \"\" AND dataset = datasets/spam", ""))
                .containsExactly("models/spam/versions/1");
        move("models/spam/versions/1", "first");
        move("models/spam/versions/2", "second");
        assertThat(registry.models()
                        .listAliasHistory(ListAliasHistoryRequest.newBuilder()
                                .setName("models/spam/aliases/production")
                                .setFilter("reason = s* AND from_version = models/spam/versions/1")
                                .build())
                        .getMovesList())
                .extracting(AliasMove::getReason)
                .containsExactly("second");
    }

    @Test
    void jobsAreFilteredAndPagedInAnyOrder() {
        registry.peers()
                .put(Dataset.newBuilder()
                        .setName("datasets/text")
                        .setKind(DatasetKind.DATASET_KIND_PRETRAINING)
                        .setTokenizer("tokenizers/bytes")
                        .setDigest("sha256:" + "a".repeat(64))
                        .build());
        for (int i = 0; i < 7; i++) {
            registry.jobs()
                    .createJob(CreateJobRequest.newBuilder()
                            .setSpec(JobSpec.newBuilder()
                                    .setTask(Task.TASK_PRETRAIN)
                                    .setDataset("datasets/text")
                                    .setOutputModel("models/m" + i % 3))
                            .build());
        }
        assertThat(jobs("output_model = models/m1", "", 10)).containsExactly("models/m1", "models/m1");
        assertThat(jobs("state = FAILED", "", 10)).isEmpty();
        assertThat(jobs("(state = QUEUED OR state = RUNNING) AND version = \"\"", "output_model desc", 3))
                .containsExactly(
                        "models/m2", "models/m2", "models/m1", "models/m1", "models/m0", "models/m0", "models/m0");
        assertThat(jobs("", "output_model, create_time desc", 2)).hasSize(7).isSorted();
        ListJobsResponse page = registry.jobs()
                .listJobs(ListJobsRequest.newBuilder()
                        .setPageSize(2)
                        .setFilter("state != FAILED")
                        .build());
        ListJobsRequest.Builder next = ListJobsRequest.newBuilder().setPageToken(page.getNextPageToken());
        assertRefused(next, "page_token");
        assertRefused(next.clone().setFilter("state != FAILED").setOrderBy("name"), "page_token");
        assertRefused(
                ListJobsRequest.newBuilder().setFilter("size = 1"), "filter: at position 1: unknown field 'size'");
        assertRefused(ListJobsRequest.newBuilder().setFilter("state = LOST"), "filter: at position 9");
        assertRefused(ListJobsRequest.newBuilder().setOrderBy("size"), "order_by: at position 1");
    }

    @Test
    void filesAndWebhooksAreFiltered() throws SQLException {
        execute("""
                insert into registry.file (id, file_name, purpose, bytes, digest)
                select 'file-' || i, 'rows-' || i % 2 || '.jsonl', 'FINE_TUNE', i * 10, '' from generate_series(1, 6) i
                """);
        assertThat(files(ListFilesRequest.newBuilder().setFilter("bytes >= 30 AND file_name = rows-1*")))
                .containsExactly("files/file-5", "files/file-3");
        ListFilesRequest.Builder ordered = ListFilesRequest.newBuilder()
                .setOrderBy("file_name desc, bytes")
                .setPageSize(2);
        assertThat(files(ordered)).containsExactly("files/file-1", "files/file-3");
        assertThat(files(ordered.setAfter("files/file-3"))).containsExactly("files/file-5", "files/file-2");
        assertThat(files(ListFilesRequest.newBuilder().setOldestFirst(true).setAfter("files/file-4")))
                .containsExactly("files/file-5", "files/file-6");
        List<String> webhooks = new ArrayList<>();
        for (String path : List.of("a", "b")) {
            webhooks.add(registry.webhooks()
                    .createWebhook(CreateWebhookRequest.newBuilder()
                            .setWebhook(Webhook.newBuilder().setUrl("http://127.0.0.1:9/" + path))
                            .build())
                    .getWebhook()
                    .getName());
        }
        assertThat(registry.webhooks()
                        .listWebhooks(ListWebhooksRequest.newBuilder()
                                .setFilter("state = ENABLED AND url = \"http://127.0.0.1:9/b\"")
                                .build())
                        .getWebhooksList())
                .extracting(Webhook::getName)
                .containsExactly(webhooks.get(1));
        execute("""
                insert into registry.webhook_delivery (webhook, event, event_type, body, state)
                select '%s', 'evt-' || i, 'job.failed', '', case when i %% 2 = 0 then 'FAILED' else 'SUCCEEDED' end
                from generate_series(1, 5) i
                """.formatted(webhooks.getFirst().substring("webhooks/".length())));
        assertThat(registry.webhooks()
                        .listWebhookDeliveries(ListWebhookDeliveriesRequest.newBuilder()
                                .setWebhook(webhooks.getFirst())
                                .setFilter("state = FAILED AND event_type = job.*")
                                .setOrderBy("event")
                                .build())
                        .getDeliveriesList())
                .extracting(delivery -> delivery.getEvent())
                .containsExactly("evt-2", "evt-4");
    }

    private void tag(String model, String key, String value) {
        registry.models()
                .updateModel(UpdateModelRequest.newBuilder()
                        .setName("models/" + model)
                        .putTags(key, value)
                        .build());
    }

    private void move(String version, String reason) {
        registry.models()
                .setAlias(SetAliasRequest.newBuilder()
                        .setName("models/spam/aliases/production")
                        .setVersion(version)
                        .setReason(reason)
                        .build());
    }

    private List<String> models(String filter, String orderBy) {
        return registry
                .models()
                .listModels(ListModelsRequest.newBuilder()
                        .setFilter(filter)
                        .setOrderBy(orderBy)
                        .build())
                .getModelsList()
                .stream()
                .map(Model::getName)
                .toList();
    }

    private List<String> versions(String model, String filter, String orderBy) {
        return registry
                .models()
                .listVersions(ListVersionsRequest.newBuilder()
                        .setModel("models/" + model)
                        .setFilter(filter)
                        .setOrderBy(orderBy)
                        .build())
                .getVersionsList()
                .stream()
                .map(Version::getName)
                .toList();
    }

    /** Output models of the jobs of all pages. */
    private List<String> jobs(String filter, String orderBy, int size) {
        List<Job> jobs = new ArrayList<>();
        String token = "";
        do {
            ListJobsResponse page = registry.jobs()
                    .listJobs(ListJobsRequest.newBuilder()
                            .setFilter(filter)
                            .setOrderBy(orderBy)
                            .setPageSize(size)
                            .setPageToken(token)
                            .build());
            jobs.addAll(page.getJobsList());
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        assertThat(jobs).extracting(Job::getName).doesNotHaveDuplicates();
        return jobs.stream().map(job -> job.getSpec().getOutputModel()).toList();
    }

    private List<String> files(ListFilesRequest.Builder request) {
        try {
            return registry.files().listFiles(request.build()).getFilesList().stream()
                    .map(File::getName)
                    .toList();
        } catch (StatusException e) {
            throw new AssertionError(e);
        }
    }

    private void assertRefused(ListJobsRequest.Builder request, String message) {
        assertThatThrownBy(() -> registry.jobs().listJobs(request.build()))
                .isInstanceOfSatisfying(StatusRuntimeException.class, failure -> {
                    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
                    assertThat(failure.getStatus().getDescription()).contains(message);
                });
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = registry.source().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
