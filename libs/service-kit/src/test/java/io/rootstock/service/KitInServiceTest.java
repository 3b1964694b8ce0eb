package io.rootstock.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.test.junit.QuarkusTest;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.inference.v1.ClassifyRequest;
import io.rootstock.inference.v1.EmbedRequest;
import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GenerateStreamResponse;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
class KitInServiceTest {
    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int port;

    @ConfigProperty(name = "quarkus.http.test-port")
    int httpPort;

    @Inject
    GrpcChannels channels;

    @Inject
    Home home;

    @Inject
    ArtifactStore store;

    private ManagedChannel channel;

    @BeforeEach
    void open() {
        channel = channels.open("127.0.0.1:" + port);
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
    }

    @Test
    void findsTheBeansOfTheKit() {
        assertThat(home.directory()).endsWithRaw(Path.of("rootstock-service-kit-test"));
        assertThat(store.contains(Digest.of(new byte[] {1, 2, 3}))).isFalse();
        assertThat(home.directory().resolve("artifacts/sha256")).isDirectory();
    }

    @Test
    void answersWhatSucceeds() {
        assertThat(stub().classify(request("fine")).getVersion()).isEqualTo("models/m/versions/1");
        assertThat(ExampleService.thread).doesNotContain("eventloop");
    }

    @Test
    void passesTypedErrorsThrough() {
        StatusRuntimeException failure = failureOf("typed");

        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(ErrorDetails.find(failure, BadRequest.class)
                        .orElseThrow()
                        .getFieldViolations(0)
                        .getField())
                .isEqualTo("texts[0]");
    }

    @Test
    void hidesStrayExceptionsBehindAnId() {
        for (String how : new String[] {"stray", "observer"}) {
            assertInternal(failureOf(how));
        }
        assertInternal(catchThrowableOfType(
                StatusRuntimeException.class, () -> stub().embed(EmbedRequest.getDefaultInstance())));
    }

    @Test
    void saysThatTheDiskIsFull() {
        StatusRuntimeException failure = failureOf("full");
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(ErrorDetails.reason(failure)).contains("DISK_FULL");
        assertThat(failure.getStatus().getDescription())
                .contains("disk is full")
                .contains("free space")
                .doesNotContain("secret");
        assertThat(stub().classify(request("m")).getVersion()).isEqualTo("models/m/versions/1");
    }

    @Test
    void endsAFailingStreamWithATypedError() {
        Iterator<GenerateStreamResponse> answers = stub().generateStream(generate("three"));
        for (int i = 0; i < 3; i++) {
            assertThat(answers.next().getText()).hasSize(16 << 10);
        }
        assertInternal(catchThrowableOfType(StatusRuntimeException.class, answers::next));
    }

    @Test
    void waitsForASlowReaderAndNoticesThatItIsGone() throws InterruptedException {
        ExampleService.SENT.set(0);
        ExampleService.cancelled = new CountDownLatch(1);
        BlockingQueue<GenerateStreamResponse> received = new LinkedBlockingQueue<>();
        ClientCall<GenerateStreamRequest, GenerateStreamResponse> call =
                channel.newCall(InferenceServiceGrpc.getGenerateStreamMethod(), CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(GenerateStreamResponse message) {
                        received.add(message);
                    }
                },
                new Metadata());
        call.sendMessage(generate("endless"));
        call.halfClose();
        for (int i = 0; i < 5; i++) {
            call.request(1);
            assertThat(received.poll(10, TimeUnit.SECONDS)).isNotNull();
        }
        call.cancel("enough", null);

        assertThat(ExampleService.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(ExampleService.SENT.get()).isBetween(5, 500);
    }

    @Test
    void noticesALostConnection() throws InterruptedException {
        ExampleService.cancelled = new CountDownLatch(1);
        stub().generateStream(generate("endless")).next();

        channel.shutdownNow();

        assertThat(ExampleService.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void keepsUpWithAFastReader() {
        Iterator<GenerateStreamResponse> answers =
                stub().withDeadlineAfter(Duration.ofSeconds(60)).generateStream(generate("endless"));
        for (int i = 0; i < 2_000; i++) {
            assertThat(answers.next().getText()).hasSize(16 << 10);
        }
    }

    @Test
    void reportsHealthUnderTheNameOfTheService() {
        for (String name : new String[] {"", "rootstock.inference.v1.InferenceService", "grpc.health.v1.Health"}) {
            assertThat(health(name).getStatus()).as(name).isEqualTo(ServingStatus.SERVING);
        }
        assertThat(catchThrowableOfType(StatusRuntimeException.class, () -> health("some.other.Service"))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.NOT_FOUND);
    }

    @Test
    void metricsAreInTheFormatThatTheClientAccepts() throws Exception {
        assertThat(metrics("application/openmetrics-text; version=1.0.0"))
                .startsWith("application/openmetrics-text; version=1.0.0")
                .endsWith("# EOF\n");
        assertThat(metrics("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1"))
                .startsWith("application/openmetrics-text; version=1.0.0");
        for (String accepted : List.of("text/plain", "*/*")) {
            assertThat(metrics(accepted))
                    .startsWith("text/plain; version=0.0.4")
                    .contains("# TYPE jvm_threads_live")
                    .doesNotContain("\\\"recent cpu usage");
        }
    }

    @Test
    void metricsCountCallsByMethodAndStatus() throws Exception {
        stub().classify(request("m"));
        failureOf("typed");
        List<String> buckets = metrics("text/plain")
                .lines()
                .filter(line -> line.startsWith("grpc_server_processing_duration_seconds_bucket{"))
                .filter(line -> line.contains("method=\"Classify\"")
                        && line.contains("service=\"" + InferenceServiceGrpc.SERVICE_NAME + "\""))
                .toList();
        for (String status : List.of("OK", "INVALID_ARGUMENT")) {
            assertThat(buckets)
                    .filteredOn(line -> line.contains("statusCode=\"" + status + "\""))
                    .as(status)
                    .hasSize(9)
                    .anyMatch(line -> line.contains("le=\"0.025\""));
        }
    }

    @Test
    void answersRpcsOverHttpWithTheInterceptorsOfGrpc() throws Exception {
        assertThat(post("rootstock.inference.v1.InferenceService/Classify", "{\"model\": \"fine\"}"))
                .isEqualTo("200 {\"version\":\"models/m/versions/1\"}");
        assertThat(post("rootstock.inference.v1.InferenceService/Classify", "{\"model\": \"stray\"}"))
                .startsWith("500 {\"code\":\"internal\"")
                .doesNotContain("secret");
        assertThat(post("grpc.health.v1.Health/Check", "{}")).isEqualTo("200 {\"status\":\"SERVING\"}");
        assertThat(metrics("text/plain"))
                .as("calls over HTTP are counted")
                .containsPattern("rootstock_grpc_calls_ended_total\\{code=\"INTERNAL\",?\\} [1-9]");
    }

    @Test
    void withoutTokensEveryPathRefusesTheNamesOfOtherMachines() throws Exception {
        for (String path : List.of("/q/metrics", "/v1/models", "/")) {
            assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 403 ")
                    .contains("not at evil.example", "rootstock.web.hosts");
        }
        assertThat(raw("GET /q/metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    @Timeout(20)
    void aPartialRequestHeadDoesNotKeepAConnectionOpen() throws Exception {
        assertThat(raw("GET /q/metrics HTTP/1.1\r\nHost: local")).isEmpty();
    }

    /** Sends bytes, and reads until the service closes the connection. */
    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), httpPort)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Status and body of an RPC over HTTP. */
    private String post(String method, String json) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/" + method))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(json))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return response.statusCode() + " " + response.body();
        }
    }

    private HealthCheckResponse health(String name) {
        return HealthGrpc.newBlockingStub(channel)
                .check(HealthCheckRequest.newBuilder().setService(name).build());
    }

    /** Content type and body. */
    private String metrics(String accepted) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/q/metrics"))
                            .header("Accept", accepted)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            return response.headers().firstValue("content-type").orElse("") + "\n" + response.body();
        }
    }

    private InferenceServiceGrpc.InferenceServiceBlockingStub stub() {
        return InferenceServiceGrpc.newBlockingStub(channel);
    }

    private StatusRuntimeException failureOf(String model) {
        return catchThrowableOfType(StatusRuntimeException.class, () -> stub().classify(request(model)));
    }

    private static void assertInternal(StatusRuntimeException failure) {
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
        assertThat(failure.getStatus().getDescription())
                .doesNotContain("secret")
                .contains("id ");
        ErrorInfo info = ErrorDetails.find(failure, ErrorInfo.class).orElseThrow();
        assertThat(info.getDomain()).isEqualTo("rootstock");
        assertThat(failure.getStatus().getDescription()).contains(info.getMetadataOrThrow("id"));
    }

    private static ClassifyRequest request(String model) {
        return ClassifyRequest.newBuilder().setModel(model).build();
    }

    private static GenerateStreamRequest generate(String model) {
        return GenerateStreamRequest.newBuilder().setModel(model).build();
    }
}
