package io.rootstock.cli.command.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.cli.Rootstock;
import io.rootstock.registry.v1.CreateWebhookRequest;
import io.rootstock.registry.v1.CreateWebhookResponse;
import io.rootstock.registry.v1.DeleteWebhookRequest;
import io.rootstock.registry.v1.DeleteWebhookResponse;
import io.rootstock.registry.v1.GetWebhookRequest;
import io.rootstock.registry.v1.GetWebhookResponse;
import io.rootstock.registry.v1.ListWebhookDeliveriesRequest;
import io.rootstock.registry.v1.ListWebhookDeliveriesResponse;
import io.rootstock.registry.v1.ListWebhooksRequest;
import io.rootstock.registry.v1.ListWebhooksResponse;
import io.rootstock.registry.v1.RotateWebhookSecretRequest;
import io.rootstock.registry.v1.RotateWebhookSecretResponse;
import io.rootstock.registry.v1.TestWebhookRequest;
import io.rootstock.registry.v1.TestWebhookResponse;
import io.rootstock.registry.v1.Webhook;
import io.rootstock.registry.v1.WebhookAttempt;
import io.rootstock.registry.v1.WebhookDelivery;
import io.rootstock.registry.v1.WebhookDeliveryState;
import io.rootstock.registry.v1.WebhookServiceGrpc;
import io.rootstock.registry.v1.WebhookState;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs commands against a service that records the requests. */
class WebhookCommandsTest {
    private final List<String> requests = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Server server;
    private int status = 200;

    @BeforeEach
    void start() throws Exception {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new Webhooks())
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    @Test
    void createPrintsTheSecretOnce() {
        assertThat(run("create", "https://example.com/hook", "--event", "job.failed", "--event", "job.succeeded"))
                .isZero();
        assertThat(requests).containsExactly("create https://example.com/hook [job.failed, job.succeeded] ");
        assertThat(out.toString()).contains("created webhooks/webhook-1", "secret  whsec_1");
        assertThat(err.toString()).contains("hint: rootstock webhooks test webhook-1");
        out.getBuffer().setLength(0);
        assertThat(run("create", "https://example.com/hook", "--request-id", "1"))
                .isZero();
        assertThat(out.toString()).doesNotContain("secret");
        assertThat(run("create", "ftp://example.com")).isEqualTo(1);
        assertThat(err.toString()).contains("webhook.url: must be of the form https://");
        assertThat(run("create")).isEqualTo(2);
        assertThat(err.toString()).contains("URL");
    }

    @Test
    void listAndShowPrintTheStateAndTheEventTypes() {
        assertThat(run("list")).isZero();
        assertThat(out.toString()).contains("webhook-1", "https://example.com/hook", "all", "disabled");
        out.getBuffer().setLength(0);
        assertThat(run("show", "webhooks/webhook-1")).isZero();
        assertThat(out.toString()).contains("webhooks/webhook-1", "https://example.com/hook", "all", "disabled");
        assertThat(requests).containsExactly("list", "get webhooks/webhook-1");
    }

    @Test
    void theResultOfATestIsTheExitCode() {
        assertThat(run("test", "webhook-1")).isZero();
        assertThat(out.toString()).contains("evt_1: status 200 after 0.2 s");
        status = 0;
        assertThat(run("test", "webhook-1")).isEqualTo(1);
        assertThat(out.toString()).contains("evt_1: Connection refused after 0.2 s");
        assertThat(requests).containsExactly("test webhooks/webhook-1", "test webhooks/webhook-1");
    }

    @Test
    void deliveriesShowTheLastAttempt() {
        assertThat(run("deliveries", "webhook-1", "--limit", "1")).isZero();
        assertThat(requests).containsExactly("deliveries webhooks/webhook-1 1");
        assertThat(out.toString()).contains("evt_1", "webhook.test", "succeeded", "status 200 after 0.2 s");
    }

    @Test
    void aSecretIsReplacedAndAWebhookDeleted() {
        assertThat(run("rotate-secret", "webhook-1")).isZero();
        assertThat(out.toString()).contains("secret  whsec_2");
        assertThat(run("delete", "webhook-1", "--yes")).isZero();
        assertThat(out.toString()).contains("deleted webhooks/webhook-1");
        assertThat(requests).containsExactly("rotate webhooks/webhook-1", "delete webhooks/webhook-1");
    }

    private int run(String... arguments) {
        String[] all = Stream.of(
                        Stream.of("webhooks"),
                        Stream.of(arguments),
                        Stream.of("--registry-endpoint", "127.0.0.1:" + server.getPort()))
                .flatMap(part -> part)
                .toArray(String[]::new);
        return Rootstock.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(all);
    }

    private static <T> void answer(StreamObserver<T> observer, T message) {
        observer.onNext(message);
        observer.onCompleted();
    }

    private final class Webhooks extends WebhookServiceGrpc.WebhookServiceImplBase {
        private final Webhook webhook = Webhook.newBuilder()
                .setName("webhooks/webhook-1")
                .setUrl("https://example.com/hook")
                .setState(WebhookState.WEBHOOK_STATE_DISABLED)
                .build();

        @Override
        public void createWebhook(CreateWebhookRequest request, StreamObserver<CreateWebhookResponse> observer) {
            requests.add("create " + request.getWebhook().getUrl() + " "
                    + request.getWebhook().getEventTypesList() + " " + request.getRequestId());
            if (request.getWebhook().getUrl().startsWith("ftp")) {
                observer.onError(Status.INVALID_ARGUMENT
                        .withDescription("webhook.url: must be of the form https://HOST[:PORT]/PATH")
                        .asRuntimeException());
                return;
            }
            answer(
                    observer,
                    CreateWebhookResponse.newBuilder()
                            .setWebhook(webhook)
                            .setSecret(request.getRequestId().isEmpty() ? "whsec_1" : "")
                            .build());
        }

        @Override
        public void getWebhook(GetWebhookRequest request, StreamObserver<GetWebhookResponse> observer) {
            requests.add("get " + request.getName());
            answer(observer, GetWebhookResponse.newBuilder().setWebhook(webhook).build());
        }

        @Override
        public void listWebhooks(ListWebhooksRequest request, StreamObserver<ListWebhooksResponse> observer) {
            requests.add("list");
            answer(
                    observer,
                    ListWebhooksResponse.newBuilder().addWebhooks(webhook).build());
        }

        @Override
        public void deleteWebhook(DeleteWebhookRequest request, StreamObserver<DeleteWebhookResponse> observer) {
            requests.add("delete " + request.getName());
            answer(observer, DeleteWebhookResponse.getDefaultInstance());
        }

        @Override
        public void rotateWebhookSecret(
                RotateWebhookSecretRequest request, StreamObserver<RotateWebhookSecretResponse> observer) {
            requests.add("rotate " + request.getName());
            answer(
                    observer,
                    RotateWebhookSecretResponse.newBuilder()
                            .setSecret("whsec_2")
                            .build());
        }

        @Override
        public void testWebhook(TestWebhookRequest request, StreamObserver<TestWebhookResponse> observer) {
            requests.add("test " + request.getName());
            answer(
                    observer,
                    TestWebhookResponse.newBuilder().setDelivery(delivery()).build());
        }

        @Override
        public void listWebhookDeliveries(
                ListWebhookDeliveriesRequest request, StreamObserver<ListWebhookDeliveriesResponse> observer) {
            requests.add("deliveries " + request.getWebhook() + " " + request.getPageSize());
            answer(
                    observer,
                    ListWebhookDeliveriesResponse.newBuilder()
                            .addDeliveries(delivery())
                            .build());
        }

        private WebhookDelivery delivery() {
            return WebhookDelivery.newBuilder()
                    .setEvent("evt_1")
                    .setEventType("webhook.test")
                    .setState(
                            status == 200
                                    ? WebhookDeliveryState.WEBHOOK_DELIVERY_STATE_SUCCEEDED
                                    : WebhookDeliveryState.WEBHOOK_DELIVERY_STATE_FAILED)
                    .addAttempts(WebhookAttempt.newBuilder()
                            .setStatus(status)
                            .setError(status == 0 ? "Connection refused" : "")
                            .setSeconds(0.2))
                    .build();
        }
    }
}
