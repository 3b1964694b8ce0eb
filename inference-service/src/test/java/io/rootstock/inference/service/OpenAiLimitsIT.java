package io.rootstock.inference.service;

import static io.rootstock.inference.service.ServingFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.InternalServerException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.completions.CompletionCreateParams;
import io.rootstock.inference.v1.ServedState;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Limits of the HTTP API: full queue, slow reader, disconnected client, missing token, invalid request. */
@Timeout(300)
class OpenAiLimitsIT {
    private static final int CONTEXT = 8_192;
    private static final int TOKENS = CONTEXT - 10;
    private static final String TEXTS = "/v1/completions";

    /** A request with 20 top logprobs per token: the response of about 12 MB exceeds all buffers. */
    private static final String LARGE =
            "{\"model\":\"base\",\"prompt\":\"a\",\"temperature\":0,\"stream\":true,\"logprobs\":20,\"max_tokens\":"
                    + TOKENS + "}";

    @TempDir
    static Path commonHome;

    @TempDir
    static Path scratch;

    @TempDir
    Path home;

    private static ServingFixture common;

    @BeforeAll
    static void startCommon() throws IOException {
        common = start(commonHome, "rootstock.inference.request-limit=100K");
    }

    @AfterAll
    static void stopCommon() {
        common.close();
    }

    private static ServingFixture start(Path home, String... more) throws IOException {
        String[] settings = new String[more.length + 4];
        settings[0] = "rootstock.inference.slots=1";
        settings[1] = "rootstock.inference.queue=1";
        settings[2] = "rootstock.inference.stall-limit=10m";
        settings[3] = "rootstock.inference.context-limit=" + CONTEXT;
        System.arraycopy(more, 0, settings, 4, more.length);
        ServingFixture serving = new ServingFixture(home, scratch, settings);
        serving.serve("base", TinyModel.repeating("abcdefg").contextLength(CONTEXT));
        return serving;
    }

    private static RawHttp unread(ServingFixture serving) throws IOException {
        return new RawHttp(serving.httpPort(), TEXTS, LARGE);
    }

    private static void awaitRequests(ServingFixture serving, int active, int queued) {
        serving.service.await(
                "models/base", model -> model.getActiveRequests() == active && model.getQueuedRequests() == queued);
    }

    private static CompletionCreateParams small() {
        return CompletionCreateParams.builder()
                .model("base")
                .prompt("a")
                .temperature(0)
                .maxTokens(3)
                .build();
    }

    @Test
    void aFullQueueReturnsRetryAfter() throws IOException {
        try (OpenAIClientHandle client = new OpenAIClientHandle(common.openAi("any"));
                RawHttp _ = unread(common)) {
            awaitRequests(common, 1, 0);
            try (RawHttp _ = unread(common)) {
                awaitRequests(common, 1, 1);
                RateLimitException refusal = catchThrowableOfType(
                        RateLimitException.class,
                        () -> client.open().completions().create(small()));
                assertThat(refusal.statusCode()).isEqualTo(429);
                assertThat(refusal.code()).contains("queue_full");
                assertThat(Long.parseLong(
                                refusal.headers().values("Retry-After").getFirst()))
                        .isPositive();
            }
            awaitRequests(common, 1, 0);
        }
        awaitRequests(common, 0, 0);
    }

    @Test
    void aDisconnectedClientFreesItsSlot() throws IOException {
        try (OpenAIClientHandle client = new OpenAIClientHandle(common.openAi("any"))) {
            try (RawHttp _ = unread(common)) {
                awaitRequests(common, 1, 0);
            }
            awaitRequests(common, 0, 0);
            // Also for a client that reads its stream, and for a non-streaming request.
            try (StreamResponse<ChatCompletionChunk> chunks = client.open()
                    .chat()
                    .completions()
                    .createStreaming(ChatCompletionCreateParams.builder()
                            .model("base")
                            .addUserMessage("abc")
                            .logprobs(true)
                            .topLogprobs(20)
                            .maxCompletionTokens(TOKENS - 100)
                            .build())) {
                Iterator<ChatCompletionChunk> some = chunks.stream().iterator();
                some.next();
                some.next();
            }
            awaitRequests(common, 0, 0);
            try (RawHttp _ = new RawHttp(common.httpPort(), TEXTS, LARGE.replace("\"stream\":true,", ""))) {
                awaitRequests(common, 1, 0);
            }
            awaitRequests(common, 0, 0);
            assertThat(client.open()
                            .completions()
                            .create(small())
                            .choices()
                            .getFirst()
                            .text())
                    .isEqualTo("bcd");
        }
    }

    @Test
    void aStoppingServiceWaitsForASlowReaderOfAStream() throws IOException, InterruptedException {
        try (ServingFixture serving = start(home, "rootstock.inference.drain=120s");
                OpenAIClientHandle client = new OpenAIClientHandle(serving.openAi("any"));
                RawHttp stream = unread(serving)) {
            awaitRequests(serving, 1, 0);
            serving.service.terminate();
            // A request that arrives before this would be queued behind the unread stream.
            await(() -> serving.hasLogged("draining: 1 requests in flight"));
            assertThat(code(client, 503)).isEqualTo("draining");
            assertThat(serving.get("/q/health/ready").statusCode()).isEqualTo(503);
            String events = stream.read();
            assertThat(events).startsWith("HTTP/1.1 200").contains("text/event-stream");
            assertThat(events.split("\"finish_reason\":\"length\"", -1)).hasSize(2);
            assertThat(events.split("data: \\[DONE]", -1)).hasSize(2);
            assertThat(serving.service.ended()).isTrue();
        }
    }

    @Test
    void aStreamThatDoesNotFinishInTimeEndsWithAnError() throws IOException, InterruptedException {
        try (ServingFixture serving = start(home, "rootstock.inference.drain=1s")) {
            // The client cannot read the response within the drain time.
            RawHttp stream = unread(serving);
            awaitRequests(serving, 1, 0);
            serving.service.terminate();
            assertThat(serving.service.ended()).isTrue();
            assertThat(stream.read()).doesNotContain("[DONE]");
            stream.close();
        }
    }

    @Test
    void aModelThatFailsToLoadIsUnavailable() throws IOException {
        try (OpenAIClientHandle client = new OpenAIClientHandle(common.openAi("any"))) {
            common.registry.promote(Version.newBuilder()
                    .setName("models/lost/versions/1")
                    .addArtifacts(Artifact.newBuilder()
                            .setKind(ArtifactKind.ARTIFACT_KIND_GGUF_F32)
                            .setDigest("sha256:" + "0".repeat(64)))
                    .build());
            common.service.await("models/lost", model -> model.getState() == ServedState.SERVED_STATE_LOAD_FAILED);
            InternalServerException refusal = catchThrowableOfType(
                    InternalServerException.class, () -> client.open().models().retrieve("lost"));
            assertThat(refusal.statusCode()).isEqualTo(503);
            assertThat(refusal.code()).contains("load_failed");
            assertThat(refusal.headers().values("Retry-After")).containsExactly("1");
        }
    }

    @Test
    void aMissingTokenIsRejectedAndProbesNeedNone() throws IOException {
        Path token = Files.writeString(home.resolve("token"), "a-token-of-this-test");
        try (ServingFixture serving = new ServingFixture(home, scratch, "rootstock.auth.token-file=" + token);
                OpenAIClientHandle wrong = new OpenAIClientHandle(serving.openAi("another-token"));
                OpenAIClientHandle right = new OpenAIClientHandle(serving.openAi("a-token-of-this-test"))) {
            await(() -> status(serving, "/q/health/ready") == 200);
            UnauthorizedException refusal = catchThrowableOfType(
                    UnauthorizedException.class, () -> wrong.open().models().list());
            assertThat(refusal.code()).contains("invalid_api_key");
            assertThat(status(serving, "/v1/models")).isEqualTo(401);
            assertThat(right.open().models().list().data()).isEmpty();
        }
    }

    @Test
    void invalidRequestsHaveTheirStatusAndCode() throws IOException, InterruptedException {
        expect("/v1/completions", "{\"model\":", 400, "invalid_json");
        expect("/v1/completions", "[]", 400, "invalid_json");
        expect("/v1/completions", "{\"prompt\":\"" + "a".repeat(200_000) + "\"}", 413, "request_too_large");
        expect("/v1/completions", "{\"prompt\":\"" + "a".repeat(12_000_000) + "\"}", 413, "request_too_large");
        expect("/v1/images", "{}", 404, "unknown_url");
        HttpResponse<String> form = send("/v1/completions", "a=b", "application/x-www-form-urlencoded");
        assertThat(form.statusCode()).isEqualTo(415);
        HttpResponse<String> wrongMethod = common.get("/v1/completions");
        assertThat(wrongMethod.statusCode()).isEqualTo(405);
        assertThat(wrongMethod.headers().firstValue("Allow")).contains("POST");
        assertThat(wrongMethod.headers().firstValue("X-Request-Id").orElseThrow())
                .hasSize(36);
        expect("/v1/models", "{}", 405, "method_not_allowed");
    }

    /** Regression: the JDK's client offers an upgrade to HTTP/2, and some upgraded requests got no response. */
    @Test
    void requestsWithoutTlsAreAnsweredInTheirHttpVersion() throws IOException, InterruptedException {
        assertThat(common.get("/v1/models").version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    }

    private static void expect(String path, String body, int status, String code)
            throws IOException, InterruptedException {
        HttpResponse<String> response = send(path, body, "application/json");
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).startsWith("{\"error\":{\"message\":").contains("\"code\":\"" + code + "\"");
    }

    private static HttpResponse<String> send(String path, String body, String type)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(common.uri(path))
                            .header("Content-Type", type)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static int status(ServingFixture serving, String path) {
        try {
            return serving.get(path).statusCode();
        } catch (IOException _) {
            return 0;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Sends a small request and returns its error code if it fails with this status. */
    private static String code(OpenAIClientHandle client, int status) {
        try {
            client.open().completions().create(small());
            return "";
        } catch (OpenAIServiceException e) {
            return e.statusCode() == status ? e.code().orElse("") : "";
        }
    }

    /** Makes the OpenAI client usable in try-with-resources. */
    private record OpenAIClientHandle(OpenAIClient open) implements AutoCloseable {
        @Override
        public void close() {
            open.close();
        }
    }
}
