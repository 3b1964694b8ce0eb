package io.rootstock.registry.webhook;

import static io.rootstock.registry.RegistryHarness.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.WebhookReceiver;
import io.rootstock.registry.WebhookReceiver.Received;
import io.rootstock.registry.v1.CancelJobRequest;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.CreateWebhookRequest;
import io.rootstock.registry.v1.CreateWebhookResponse;
import io.rootstock.registry.v1.DeleteWebhookRequest;
import io.rootstock.registry.v1.GetWebhookRequest;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.ListWebhookDeliveriesRequest;
import io.rootstock.registry.v1.ListWebhookDeliveriesResponse;
import io.rootstock.registry.v1.ListWebhooksRequest;
import io.rootstock.registry.v1.ListWebhooksResponse;
import io.rootstock.registry.v1.RotateWebhookSecretRequest;
import io.rootstock.registry.v1.TestWebhookRequest;
import io.rootstock.registry.v1.Webhook;
import io.rootstock.registry.v1.WebhookAttempt;
import io.rootstock.registry.v1.WebhookDelivery;
import io.rootstock.registry.v1.WebhookDeliveryState;
import io.rootstock.registry.v1.WebhookState;
import io.rootstock.trainer.v1.Task;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Webhooks with a real database and a real HTTP server; openai-java verifies the requests. */
class WebhookServiceTest {
    @TempDir
    private Path scratch;

    private RegistryHarness registry;
    private WebhookReceiver receiver;

    @BeforeEach
    void start() throws Exception {
        registry = new RegistryHarness(scratch);
        // Without the tokenizer service, jobs stay VALIDATING until they are cancelled.
        registry.peers().stopServing();
        receiver = new WebhookReceiver();
    }

    @AfterEach
    void stop() {
        receiver.close();
        registry.close();
    }

    @Test
    void anEventIsDeliveredSignedAndLogged() {
        CreateWebhookResponse created = create(receiver.url(), "job.cancelled");
        assertThat(created.getSecret()).startsWith("whsec_");
        Webhook webhook = created.getWebhook();
        assertThat(webhook.getName()).matches("webhooks/webhook-[0-9a-z]{16}");
        assertThat(webhook.getState()).isEqualTo(WebhookState.WEBHOOK_STATE_ENABLED);
        assertThat(webhook.getEventTypesList()).containsExactly("job.cancelled");
        assertThat(get(webhook)).isEqualTo(webhook);

        String job = cancelledJob();
        Received request = receiver.await(1);
        WebhookDelivery delivery = eventuallyEnded(webhook);
        assertThat(request.verified(created.getSecret())._json()).isPresent();
        assertThatThrownBy(() -> request.verified("whsec_" + "A".repeat(44))).hasMessageContaining("signature");
        assertThat(request.header("webhook-id")).isEqualTo(delivery.getEvent());
        assertThat(request.body()).isEqualTo(delivery.getBody());
        assertThat(request.body())
                .contains(
                        "\"id\":\"" + delivery.getEvent() + "\"",
                        "\"object\":\"event\"",
                        "\"type\":\"job.cancelled\"",
                        "\"data\":{\"id\":\"" + job.substring("jobs/".length()) + "\"}");
        assertThat(delivery.getEventType()).isEqualTo("job.cancelled");
        assertThat(delivery.getState()).isEqualTo(WebhookDeliveryState.WEBHOOK_DELIVERY_STATE_SUCCEEDED);
        assertThat(delivery.hasNextAttemptTime()).isFalse();
        WebhookAttempt attempt = delivery.getAttempts(0);
        assertThat(attempt.getStatus()).isEqualTo(200);
        assertThat(attempt.getError()).isEmpty();
        assertThat(attempt.getSeconds()).isPositive();
        assertThat(attempt.getTime().getSeconds())
                .isEqualTo(Long.parseLong(request.header("webhook-timestamp")))
                .isBetween(Instant.now().getEpochSecond() - 300, Instant.now().getEpochSecond());
    }

    @Test
    void aFailedDeliveryIsRetriedWithTheSameId() throws Exception {
        receiver.answerWith(500);
        CreateWebhookResponse created = create(receiver.url());
        cancelledJob();
        receiver.await(1);
        eventually(() -> deliveries(created.getWebhook()).getFirst().getAttemptsCount() == 1);
        WebhookDelivery pending = deliveries(created.getWebhook()).getFirst();
        assertThat(pending.getState()).isEqualTo(WebhookDeliveryState.WEBHOOK_DELIVERY_STATE_PENDING);
        assertThat(pending.getNextAttemptTime().getSeconds()
                        - pending.getAttempts(0).getTime().getSeconds())
                .isBetween(3L, 60L);
        receiver.answerWith(204);
        makeDue();
        Received second = receiver.await(2);
        assertThat(second.header("webhook-id"))
                .isEqualTo(receiver.received().getFirst().header("webhook-id"));
        assertThat(second.verified(created.getSecret())._json()).isPresent();
        assertThat(eventuallyEnded(created.getWebhook()).getAttemptsList())
                .extracting(WebhookAttempt::getStatus)
                .containsExactly(500, 204);
    }

    @Test
    void aDeliveryFailsAfterNineAttempts() throws Exception {
        receiver.answerWith(307);
        Webhook webhook = create(receiver.url()).getWebhook();
        cancelledJob();
        for (int attempt = 1; attempt <= 9; attempt++) {
            int count = attempt;
            eventually(() -> deliveries(webhook).getFirst().getAttemptsCount() == count);
            makeDue();
        }
        WebhookDelivery failed = eventuallyEnded(webhook);
        assertThat(failed.getState()).isEqualTo(WebhookDeliveryState.WEBHOOK_DELIVERY_STATE_FAILED);
        assertThat(failed.getAttemptsList()).hasSize(9).allMatch(attempt -> attempt.getStatus() == 307);
        assertThat(receiver.received()).hasSize(9);
        assertThat(get(webhook).getState()).isEqualTo(WebhookState.WEBHOOK_STATE_ENABLED);
    }

    @Test
    void anEndpointThatIsGoneIsDisabled() {
        receiver.answerWith(410);
        Webhook webhook = create(receiver.url()).getWebhook();
        cancelledJob();
        eventually(() -> get(webhook).getState() == WebhookState.WEBHOOK_STATE_DISABLED);
        assertThat(deliveries(webhook).getFirst().getState())
                .isEqualTo(WebhookDeliveryState.WEBHOOK_DELIVERY_STATE_FAILED);
        cancelledJob();
        assertThat(deliveries(webhook)).hasSize(1);
        refused(() -> test(webhook), Status.Code.FAILED_PRECONDITION, "is disabled because its endpoint answered 410");
    }

    @Test
    void aHangingEndpointDelaysNoOther() throws Exception {
        try (WebhookReceiver fast = new WebhookReceiver()) {
            receiver.hang();
            Webhook hanging = create(receiver.url()).getWebhook();
            Webhook other = create(fast.url()).getWebhook();
            cancelledJob();
            receiver.await(1);
            cancelledJob();
            fast.await(2);
            eventually(() -> deliveries(other).stream()
                    .allMatch(
                            delivery -> delivery.getState() == WebhookDeliveryState.WEBHOOK_DELIVERY_STATE_SUCCEEDED));
            assertThat(receiver.received()).hasSize(1);
            assertThat(deliveries(hanging)).hasSize(2).allMatch(delivery -> delivery.getAttemptsCount() == 0);
        }
    }

    @Test
    void aRestartLosesNothing() {
        receiver.hang();
        CreateWebhookResponse created = create(receiver.url());
        cancelledJob();
        receiver.await(1);
        cancelledJob();
        receiver.answerWith(200);
        registry.restart();
        receiver.await(3);
        assertThat(receiver.received().get(1).header("webhook-id"))
                .isEqualTo(receiver.received().getFirst().header("webhook-id"));
        assertThat(receiver.received().get(1).verified(created.getSecret())._json())
                .isPresent();
        eventually(() -> deliveries(created.getWebhook()).stream()
                .allMatch(delivery -> delivery.getState() == WebhookDeliveryState.WEBHOOK_DELIVERY_STATE_SUCCEEDED));
        assertThat(deliveries(created.getWebhook())).hasSize(2);
    }

    @Test
    void aTestIsOneLoggedAttempt() throws Exception {
        CreateWebhookResponse created = create(receiver.url(), "job.failed");
        WebhookDelivery delivery = test(created.getWebhook());
        assertThat(delivery.getEventType()).isEqualTo("webhook.test");
        assertThat(delivery.getState()).isEqualTo(WebhookDeliveryState.WEBHOOK_DELIVERY_STATE_SUCCEEDED);
        assertThat(receiver.received().getFirst().verified(created.getSecret())._json())
                .isPresent();
        receiver.answerWith(400);
        WebhookDelivery rejected = test(created.getWebhook());
        assertThat(rejected.getState()).isEqualTo(WebhookDeliveryState.WEBHOOK_DELIVERY_STATE_FAILED);
        assertThat(rejected.getAttempts(0).getStatus()).isEqualTo(400);
        receiver.close();
        WebhookDelivery unreachable = test(created.getWebhook());
        assertThat(unreachable.getAttempts(0).getStatus()).isZero();
        assertThat(unreachable.getAttempts(0).getError()).isNotEmpty();
        assertThat(deliveries(created.getWebhook())).containsExactly(unreachable, rejected, delivery);
    }

    @Test
    void bothSecretsSignAfterARotation() throws Exception {
        CreateWebhookResponse created = create(receiver.url());
        String secret = registry.webhooks()
                .rotateWebhookSecret(RotateWebhookSecretRequest.newBuilder()
                        .setName(created.getWebhook().getName())
                        .build())
                .getSecret();
        assertThat(secret).startsWith("whsec_").isNotEqualTo(created.getSecret());
        test(created.getWebhook());
        Received request = receiver.await(1);
        assertThat(request.verified(secret)._json()).isPresent();
        assertThat(request.verified(created.getSecret())._json()).isPresent();
        execute("update registry.webhook set previous_secret_expire_time = clock_timestamp()");
        test(created.getWebhook());
        Received later = receiver.await(2);
        assertThat(later.verified(secret)._json()).isPresent();
        assertThatThrownBy(() -> later.verified(created.getSecret())).hasMessageContaining("signature");
    }

    @Test
    void theSecretIsInNoOtherResponse() {
        CreateWebhookRequest request = CreateWebhookRequest.newBuilder()
                .setWebhook(Webhook.newBuilder().setUrl(receiver.url()))
                .setRequestId("1")
                .build();
        CreateWebhookResponse created = registry.webhooks().createWebhook(request);
        CreateWebhookResponse repeated = registry.webhooks().createWebhook(request);
        assertThat(repeated.getWebhook()).isEqualTo(created.getWebhook());
        assertThat(repeated.getSecret()).isEmpty();
        test(created.getWebhook());
        String key = created.getSecret().substring("whsec_".length());
        assertThat(get(created.getWebhook()).toString()
                        + list(ListWebhooksRequest.newBuilder())
                        + deliveries(created.getWebhook()))
                .doesNotContain(key);
    }

    @Test
    void listsArePaged() {
        Webhook first = create(receiver.url()).getWebhook();
        Webhook second = create(receiver.url()).getWebhook();
        ListWebhooksResponse page = list(ListWebhooksRequest.newBuilder().setPageSize(1));
        assertThat(page.getWebhooksList()).containsExactly(second);
        page = list(ListWebhooksRequest.newBuilder().setPageToken(page.getNextPageToken()));
        assertThat(page.getWebhooksList()).containsExactly(first);
        assertThat(page.getNextPageToken()).isEmpty();

        WebhookDelivery older = test(first);
        WebhookDelivery newer = test(first);
        ListWebhookDeliveriesRequest.Builder request = ListWebhookDeliveriesRequest.newBuilder()
                .setWebhook(first.getName())
                .setPageSize(1);
        ListWebhookDeliveriesResponse deliveries = registry.webhooks().listWebhookDeliveries(request.build());
        assertThat(deliveries.getDeliveriesList()).containsExactly(newer);
        request.setPageToken(deliveries.getNextPageToken());
        assertThat(registry.webhooks().listWebhookDeliveries(request.build()).getDeliveriesList())
                .containsExactly(older);
    }

    @Test
    void theLogKeepsTheNewestDeliveries() throws Exception {
        Webhook webhook = create(receiver.url()).getWebhook();
        String id = webhook.getName().substring("webhooks/".length());
        execute("insert into registry.webhook_delivery (webhook, event, event_type, body, state)" + " select '" + id
                + "', 'evt_' || n, 'job.failed', '{}', 'FAILED' from generate_series(1, 1500) as n");
        test(webhook);
        ListWebhookDeliveriesResponse log = registry.webhooks()
                .listWebhookDeliveries(ListWebhookDeliveriesRequest.newBuilder()
                        .setWebhook(webhook.getName())
                        .setPageSize(1000)
                        .build());
        assertThat(log.getNextPageToken()).isEmpty();
        assertThat(log.getDeliveriesList()).hasSize(1000);
        assertThat(log.getDeliveries(999).getEvent()).isEqualTo("evt_502");
    }

    @Test
    void aDeletedWebhookReceivesNothing() {
        receiver.answerWith(500);
        Webhook webhook = create(receiver.url()).getWebhook();
        cancelledJob();
        receiver.await(1);
        delete(webhook);
        cancelledJob();
        refused(() -> get(webhook), Status.Code.NOT_FOUND, "rootstock webhooks list");
        refused(() -> delete(webhook), Status.Code.NOT_FOUND, webhook.getName());
        refused(() -> deliveries(webhook), Status.Code.NOT_FOUND, webhook.getName());
        assertThat(list(ListWebhooksRequest.newBuilder()).getWebhooksList()).isEmpty();
        assertThat(receiver.received()).hasSize(1);
    }

    @Test
    void invalidRequestsAreRefusedByField() throws Exception {
        invalid(() -> create("example.com"), "webhook.url: must be of the form https://");
        invalid(() -> create("https://unknown.invalid/"), "webhook.url: unknown.invalid cannot be resolved");
        invalid(
                () -> create(receiver.url(), "job.failed", "job.started"),
                "webhook.event_types[1]: must be one of fine_tuning.job.succeeded");
        invalid(() -> create(receiver.url(), "job.failed", "job.failed"), "webhook.event_types[1]: must be one of");
        invalid(() -> test(Webhook.newBuilder().setName("hooks/one").build()), "name: must be webhooks/{id}");
        execute("insert into registry.webhook (id, url, event_types, secret)"
                + " select 'webhook-' || n, '', '{}', '' from generate_series(1, 100) as n");
        refused(() -> create(receiver.url()), Status.Code.RESOURCE_EXHAUSTED, "there are 100 webhooks; delete one");
    }

    private CreateWebhookResponse create(String url, String... types) {
        return registry.webhooks()
                .createWebhook(CreateWebhookRequest.newBuilder()
                        .setWebhook(Webhook.newBuilder().setUrl(url).addAllEventTypes(List.of(types)))
                        .build());
    }

    private Webhook get(Webhook webhook) {
        return registry.webhooks()
                .getWebhook(GetWebhookRequest.newBuilder()
                        .setName(webhook.getName())
                        .build())
                .getWebhook();
    }

    private ListWebhooksResponse list(ListWebhooksRequest.Builder request) {
        return registry.webhooks().listWebhooks(request.build());
    }

    private void delete(Webhook webhook) {
        registry.webhooks()
                .deleteWebhook(DeleteWebhookRequest.newBuilder()
                        .setName(webhook.getName())
                        .build());
    }

    private WebhookDelivery test(Webhook webhook) {
        return registry.webhooks()
                .testWebhook(TestWebhookRequest.newBuilder()
                        .setName(webhook.getName())
                        .build())
                .getDelivery();
    }

    private List<WebhookDelivery> deliveries(Webhook webhook) {
        return registry.webhooks()
                .listWebhookDeliveries(ListWebhookDeliveriesRequest.newBuilder()
                        .setWebhook(webhook.getName())
                        .build())
                .getDeliveriesList();
    }

    private WebhookDelivery eventuallyEnded(Webhook webhook) {
        eventually(
                () -> deliveries(webhook).getFirst().getState() != WebhookDeliveryState.WEBHOOK_DELIVERY_STATE_PENDING);
        return deliveries(webhook).getFirst();
    }

    /** Creates a job, cancels it and returns its name. */
    private String cancelledJob() {
        String name = registry.jobs()
                .createJob(CreateJobRequest.newBuilder()
                        .setSpec(JobSpec.newBuilder()
                                .setTask(Task.TASK_PRETRAIN)
                                .setDataset("datasets/text")
                                .setOutputModel("models/base"))
                        .build())
                .getJob()
                .getName();
        registry.jobs().cancelJob(CancelJobRequest.newBuilder().setName(name).build());
        return name;
    }

    /** Makes all pending deliveries due. */
    private void makeDue() throws SQLException {
        execute("update registry.webhook_delivery set next_attempt_time = clock_timestamp() where state = 'PENDING'");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = registry.source().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void invalid(ThrowingCallable call, String message) {
        refused(call, Status.Code.INVALID_ARGUMENT, message);
    }

    private static void refused(ThrowingCallable call, Status.Code code, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(code))
                .hasMessageContaining(message);
    }
}
