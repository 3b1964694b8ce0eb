package io.rootstock.inference.service;

import static io.rootstock.inference.service.ServingFixture.await;
import static io.rootstock.inference.service.ServingFixture.options;
import static io.rootstock.inference.service.ServingFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.rootstock.inference.openinference.GRPCInferenceServiceGrpc;
import io.rootstock.inference.openinference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.rootstock.inference.openinference.ModelReadyRequest;
import io.rootstock.inference.openinference.ServerLiveRequest;
import io.rootstock.inference.openinference.ServerReadyRequest;
import io.rootstock.inference.v1.ControlServiceGrpc;
import io.rootstock.inference.v1.DrainRequest;
import io.rootstock.inference.v1.DrainResponse;
import io.rootstock.inference.v1.EmbedRequest;
import io.rootstock.inference.v1.FinishReason;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GetLoadRequest;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.inference.v1.WatchServingRequest;
import io.rootstock.inference.v1.WatchServingResponse;
import io.rootstock.llama.TinyModel;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Draining of a service process, by SIGTERM and by the control API, with a slow reader. */
@Timeout(300)
class DrainIT {
    private static final int CONTEXT = 16_384;
    private static final int TOKENS = CONTEXT - 10;

    @TempDir
    Path home;

    @TempDir
    Path scratch;

    private ServingFixture start(String drain) throws IOException {
        return start(drain, "0s");
    }

    private ServingFixture start(String drain, String lameDuck) throws IOException {
        ServingFixture serving = new ServingFixture(
                home,
                scratch,
                "rootstock.inference.drain=" + drain,
                "rootstock.shutdown.lame-duck=" + lameDuck,
                "rootstock.inference.stall-limit=10m",
                "rootstock.inference.context-limit=" + CONTEXT);
        serving.serve("base", TinyModel.repeating("abcdefg").contextLength(CONTEXT));
        return serving;
    }

    /** Starts a stream that the client does not read; returns once it is being decoded. */
    private static PausedStream inFlight(ServingFixture serving, int tokens) {
        PausedStream stream = new PausedStream(
                serving.service.port(),
                GenerateStreamRequest.newBuilder()
                        .setModel("base")
                        .setPrompt("a")
                        .setOptions(PausedStream.large(options(tokens)))
                        .build());
        serving.service.await("models/base", model -> model.getActiveRequests() == 1);
        return stream;
    }

    private static ServingStatus health(ServingFixture serving, String name) {
        return HealthGrpc.newBlockingStub(serving.service.channel())
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .check(HealthCheckRequest.newBuilder().setService(name).build())
                .getStatus();
    }

    private static void expectNotReady(ServingFixture serving) throws IOException, InterruptedException {
        await(() -> health(serving, InferenceServiceGrpc.SERVICE_NAME) == ServingStatus.NOT_SERVING);
        assertThat(health(serving, "models/base")).isEqualTo(ServingStatus.NOT_SERVING);
        assertThat(health(serving, "")).isEqualTo(ServingStatus.NOT_SERVING);
        assertThat(health(serving, ControlServiceGrpc.SERVICE_NAME)).isEqualTo(ServingStatus.SERVING);
        GRPCInferenceServiceBlockingStub inference = GRPCInferenceServiceGrpc.newBlockingStub(serving.service.channel())
                .withDeadlineAfter(60, TimeUnit.SECONDS);
        assertThat(inference.serverLive(ServerLiveRequest.getDefaultInstance()).getLive())
                .isTrue();
        assertThat(inference
                        .serverReady(ServerReadyRequest.getDefaultInstance())
                        .getReady())
                .isFalse();
        assertThat(inference
                        .modelReady(
                                ModelReadyRequest.newBuilder().setName("base").build())
                        .getReady())
                .isFalse();
        assertThat(serving.get("/q/health/ready").statusCode()).isEqualTo(503);
        assertThat(serving.get("/q/health/live").statusCode()).isEqualTo(200);
    }

    private static GenerateRequest shortText() {
        return GenerateRequest.newBuilder()
                .setModel("base")
                .setPrompt("a")
                .setOptions(options(1))
                .build();
    }

    private static void expectDraining(ServingFixture serving) throws IOException, InterruptedException {
        expectNotReady(serving);
        assertThat(refusal(() -> serving.service.calls().generate(shortText()))).isEqualTo("UNAVAILABLE DRAINING");
        assertThat(refusal(() -> serving.service
                        .calls()
                        .embed(EmbedRequest.newBuilder()
                                .setModel("base")
                                .addTexts("a")
                                .build())))
                .isEqualTo("UNAVAILABLE DRAINING");
    }

    @Test
    void aTerminatedServiceIsNotReadyAcceptsCallsForATimeAndLetsASlowReaderFinish()
            throws IOException, InterruptedException {
        // More than the service decodes before the client reads.
        int tokens = 6000;
        try (ServingFixture serving = start("120s", "4s");
                PausedStream stream = inFlight(serving, tokens)) {
            serving.service.terminate();
            expectNotReady(serving);
            assertThat(serving.control()
                            .getLoad(GetLoadRequest.getDefaultInstance())
                            .getDraining())
                    .isTrue();
            assertThat(serving.service.calls().generate(shortText()).getCompletionsCount())
                    .isEqualTo(1);
            assertThat(post(serving).statusCode()).isEqualTo(200);
            assertThat(post(serving).headers().firstValue("Connection")).contains("close");

            await(() -> serving.hasLogged("draining: 1 requests in flight"));
            assertThat(refusal(() -> InferenceServiceGrpc.newBlockingStub(serving.service.channel())
                            .generate(shortText())))
                    .startsWith("UNAVAILABLE");
            HttpResponse<String> refused = post(serving);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).contains("1");
            assertThat(refused.headers().firstValue("Connection")).contains("close");

            PausedStream.Answer answer = stream.end();
            assertThat(answer.text()).hasSize(tokens).startsWith("bcdefga");
            assertThat(answer.finish().getReason()).isEqualTo(FinishReason.FINISH_REASON_LENGTH);
            assertThat(serving.service.ended()).isTrue();
        }
    }

    private static HttpResponse<String> post(ServingFixture serving) throws IOException, InterruptedException {
        return serving.post("/v1/completions", "{\"model\":\"base\",\"prompt\":\"a\",\"max_tokens\":1}");
    }

    @Test
    void aStreamOfTheLoadDoesNotHoldUpTheStop() throws IOException, InterruptedException {
        try (ServingFixture serving = start("120s")) {
            Iterator<WatchServingResponse> messages =
                    serving.control().watchServing(WatchServingRequest.getDefaultInstance());
            assertThat(messages.next().getLoad().getDraining()).isFalse();
            serving.service.terminate();
            assertThat(refusal(() -> messages.forEachRemaining(message -> {}))).isEqualTo("UNAVAILABLE DRAINING");
            assertThat(serving.service.ended()).isTrue();
        }
    }

    @Test
    void unfinishedStreamsEndUnavailable() throws IOException, InterruptedException {
        try (ServingFixture serving = start("1s");
                PausedStream stream = inFlight(serving, TOKENS)) {
            serving.service.terminate();
            assertThat(serving.service.ended()).isTrue();
            assertThat(refusal(stream::end)).startsWith("UNAVAILABLE");
        }
    }

    @Test
    void aReadingClientReceivesTheReasonOfTheEndOfItsStream() throws IOException, InterruptedException {
        try (ServingFixture serving = start("500ms");
                PausedStream stream = inFlight(serving, TOKENS)) {
            stream.read();
            serving.service.terminate();
            assertThat(refusal(stream::end)).isEqualTo("UNAVAILABLE DRAINING");
            assertThat(serving.service.ended()).isTrue();
        }
    }

    @Test
    void theControlServiceDrainsAndReturnsTheNumberOfUnfinishedRequests() throws IOException, InterruptedException {
        try (ServingFixture serving = start("120s");
                PausedStream stream = inFlight(serving, TOKENS)) {
            CompletableFuture<DrainResponse> drained = ServingFixture.async(() -> serving.control()
                    .drain(DrainRequest.newBuilder().setSeconds(2).build()));
            expectDraining(serving);
            assertThat(drained.join().getUnfinished()).isEqualTo(1);
            assertThat(refusal(stream::end)).isEqualTo("UNAVAILABLE DRAINING");
            assertThat(serving.control()
                            .drain(DrainRequest.getDefaultInstance())
                            .getUnfinished())
                    .isZero();
            serving.service.terminate();
            assertThat(serving.service.ended()).isTrue();
        }
    }

    @Test
    void aDrainWithAnInvalidTimeIsRejectedWithoutEffect() {
        try (ServingFixture serving = ServingFixture.shared(scratch)) {
            serving.serve("base", TinyModel.reciting("abcd"));
            assertThat(ServingFixture.refusedField(() -> serving.control()
                            .drain(DrainRequest.newBuilder().setSeconds(-1).build())))
                    .isEqualTo("seconds");
            assertThat(health(serving, InferenceServiceGrpc.SERVICE_NAME)).isEqualTo(ServingStatus.SERVING);
        }
    }
}
