package io.rootstock.inference.service;

import static io.rootstock.inference.service.ServingFixture.await;
import static io.rootstock.inference.service.ServingFixture.options;
import static io.rootstock.inference.service.ServingFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import io.rootstock.inference.v1.AbortRequest;
import io.rootstock.inference.v1.DrainRequest;
import io.rootstock.inference.v1.EmbedRequest;
import io.rootstock.inference.v1.EmbedResponse;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.GenerateResponse;
import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.GetLoadRequest;
import io.rootstock.inference.v1.ModelLoad;
import io.rootstock.inference.v1.ScoreRequest;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.VersionKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The metrics of the packaged service after known requests, with one slot and a queue of one request. */
@Timeout(300)
class MetricsIT {
    private static final AtomicInteger TESTS = new AtomicInteger();
    private static final int CONTEXT = 16_384;
    private static final String PROMPT = "abcabcabcabc";
    /** One token per character, and BOS. */
    private static final int PROMPT_TOKENS = PROMPT.length() + 1;

    @TempDir
    static Path home;

    @TempDir
    static Path scratch;

    private static ServingFixture serving;

    /** Of this test only, so that its metrics begin at 0. */
    private final String name = "base" + TESTS.incrementAndGet();

    private final String model = "model=\"models/" + name + "\"";
    /** The metrics before the test. */
    private Scrape begin;

    @BeforeAll
    static void start() throws IOException {
        serving = start(home);
    }

    private static ServingFixture start(Path home) throws IOException {
        return new ServingFixture(
                home,
                scratch,
                "rootstock.inference.slots=1",
                "rootstock.inference.queue=1",
                "rootstock.inference.stall-limit=10m",
                "rootstock.inference.context-limit=" + CONTEXT);
    }

    @AfterAll
    static void stop() {
        serving.close();
    }

    @BeforeEach
    void serve() {
        serving.serve(name, weights());
        begin = scrape();
    }

    @AfterEach
    void clear() {
        serving.clear();
    }

    private static TinyModel weights() {
        return TinyModel.repeating("abc").contextLength(CONTEXT);
    }

    private GenerateRequest request(String prompt, GenerationOptions.Builder options) {
        return GenerateRequest.newBuilder()
                .setModel(name)
                .setPrompt(prompt)
                .setOptions(options)
                .build();
    }

    private GenerateResponse generate(GenerationOptions.Builder options) {
        return serving.service.calls().generate(request("a", options));
    }

    private Scrape scrape() {
        return Scrape.of(serving);
    }

    private ModelLoad load() {
        return serving.control().getLoad(GetLoadRequest.getDefaultInstance()).getModels(0);
    }

    /** Occupies the only slot with a stream that the client does not read. */
    private PausedStream occupy() {
        PausedStream stream = new PausedStream(
                serving.service.port(),
                GenerateStreamRequest.newBuilder()
                        .setModel(name)
                        .setPrompt("a")
                        .setOptions(PausedStream.large(options(CONTEXT - 10)))
                        .build());
        await(() -> scrape().value("active", model) == 1);
        return stream;
    }

    @Test
    void aRequestIsCountedTokenByToken() {
        // The warm-up does not count as a request.
        for (String count : new String[] {
            "time_to_first_token_seconds_count",
            "inter_token_latency_seconds_count",
            "queue_wait_seconds_count",
            "batch_tokens_count",
            "active",
            "queue_depth",
            "queue_tokens"
        }) {
            assertThat(begin.has(count, model)).as(count).isTrue();
            assertThat(begin.value(count, model)).as(count).isZero();
        }
        assertThat(begin.value("slots", model)).isEqualTo(1);
        assertThat(begin.value("kv_cells", model)).isEqualTo(CONTEXT);

        long start = System.nanoTime();
        serving.service.calls().generate(request(PROMPT, options(3)));
        double seconds = (System.nanoTime() - start) / 1e9;
        Scrape first = scrape();
        assertThat(first.value("time_to_first_token_seconds_count", model)).isEqualTo(1);
        assertThat(first.value("time_to_first_token_seconds_sum", model)).isBetween(1e-6, seconds);
        assertThat(first.value("time_to_first_token_seconds_bucket", model, "le=\"+Inf\""))
                .isEqualTo(1);
        assertThat(first.value("inter_token_latency_seconds_count", model)).isEqualTo(2);
        assertThat(first.value("inter_token_latency_seconds_sum", model)).isBetween(1e-6, seconds);
        assertThat(first.value("queue_wait_seconds_count", model)).isEqualTo(1);
        assertThat(first.value("queue_wait_seconds_sum", model)).isBetween(1e-9, seconds);
        // One batch for the prompt, which yields the first token, and one for each of the other two tokens. BOS is in
        // the prefix cache since the warm-up.
        assertThat(first.value("batch_tokens_count", model)).isEqualTo(3);
        assertThat(first.value("batch_tokens_sum", model)).isEqualTo(PROMPT_TOKENS - 1 + 2);
        assertThat(first.value("batch_tokens_bucket", model, "le=\"1.0\"")).isEqualTo(2);
        assertThat(first.value("batch_tokens_bucket", model, "le=\"16.0\"")).isEqualTo(3);
        assertThat(first.since(begin, "tokens_total", "type=\"input\"")).isEqualTo(PROMPT_TOKENS);
        assertThat(first.since(begin, "tokens_total", "type=\"output\"")).isEqualTo(3);
        assertThat(first.since(begin, "tokens_total", "type=\"cached\"")).isEqualTo(1);
        assertThat(first.since(
                        begin, "request_duration_seconds_count", "operation=\"text_completion\"", "outcome=\"ok\""))
                .isEqualTo(1);
        String[] version = {"version=\"models/" + name + "/versions/1\"", "role=\"answer\""};
        assertThat(first.value("version_tokens_total", version)).isEqualTo(3);
        assertThat(first.value("version_time_to_first_token_seconds_count", version))
                .isEqualTo(1);
        assertThat(first.value("version_duration_seconds_count", version)).isEqualTo(1);
        // The prefix cache keeps all tokens except the last one, which was not decoded.
        await(() -> scrape().value("kv_cells_used", model) == PROMPT_TOKENS + 2);

        ModelLoad load =
                serving.control().getLoad(GetLoadRequest.getDefaultInstance()).getModels(0);
        assertThat(load.getVersion()).isEqualTo("models/" + name + "/versions/1");
        assertThat(load.getUsedCells()).isEqualTo(PROMPT_TOKENS + 2);
        assertThat(load.getCells()).isEqualTo(CONTEXT);
        assertThat(load.getTokensPerSecond()).isPositive();

        serving.service.calls().generate(request(PROMPT, options(3)));
        Scrape second = scrape();
        assertThat(second.since(begin, "tokens_total", "type=\"input\"")).isEqualTo(2 * PROMPT_TOKENS);
        // All prompt tokens except the last, whose logits are needed.
        assertThat(second.since(begin, "tokens_total", "type=\"cached\"")).isEqualTo(1 + PROMPT_TOKENS - 1);
        assertThat(second.since(first, "batch_tokens_sum", model)).isEqualTo(3);
    }

    @Test
    void queuedAndRejectedRequestsAreCounted() {
        try (PausedStream running = occupy()) {
            Duration wait = Duration.newBuilder().setNanos(50_000_000).build();
            assertThat(refusal(() -> generate(options(1).setQueueTimeout(wait))))
                    .isEqualTo("RESOURCE_EXHAUSTED QUEUE_TIMEOUT");
            CompletableFuture<String> aborted =
                    ServingFixture.async(() -> refusal(() -> generate(options(1).setRequestId("unwanted"))));
            await(() -> scrape().value("queue_depth", model) == 1);
            assertThat(scrape().value("queue_tokens", model)).isEqualTo(2);
            assertThat(refusal(() -> generate(options(1)))).isEqualTo("RESOURCE_EXHAUSTED QUEUE_FULL");
            assertThat(serving.control()
                            .abort(AbortRequest.newBuilder()
                                    .setRequestId("unwanted")
                                    .build())
                            .getAborted())
                    .isEqualTo(1);
            assertThat(aborted.join()).isEqualTo("ABORTED REQUEST_ABORTED");

            CompletableFuture<GenerateResponse> waiting = ServingFixture.async(() -> generate(options(1)));
            await(() -> scrape().value("queue_depth", model) == 1);
            long start = System.nanoTime();
            Scrape before = scrape();
            double waited = (System.nanoTime() - start) / 1e9;
            running.cancel();
            waiting.join();
            Scrape after = scrape();
            assertThat(after.since(before, "queue_wait_seconds_sum", model)).isGreaterThan(waited);
            assertThat(after.value("queue_depth", model)).isZero();
            assertThat(after.value("queue_tokens", model)).isZero();
        }
        assertThat(refusal(() -> generate(options(-1)))).startsWith("INVALID_ARGUMENT");

        await(() -> scrape().value("active", model) == 0);
        Scrape end = scrape();
        for (String reason : new String[] {"queue_timeout", "queue_full", "request_aborted", "invalid_field"}) {
            assertThat(end.since(begin, "refusals_total", "reason=\"" + reason + "\""))
                    .as(reason)
                    .isEqualTo(1);
        }
        assertThat(end.since(begin, "refusals_total")).isEqualTo(4);
        assertThat(end.since(begin, "request_duration_seconds_count", "outcome=\"refused\""))
                .isEqualTo(4);
        assertThat(end.since(begin, "request_duration_seconds_count", "outcome=\"cancelled\""))
                .isEqualTo(1);
        assertThat(end.since(begin, "request_duration_seconds_count", "outcome=\"ok\""))
                .isEqualTo(1);
    }

    @Test
    void requestsThatADrainRefusesAreCounted(@TempDir Path other) throws IOException {
        try (ServingFixture draining = start(other)) {
            draining.serve(name, weights());
            draining.control().drain(DrainRequest.newBuilder().setSeconds(1).build());
            assertThat(refusal(() -> draining.service.calls().generate(request("a", options(1)))))
                    .isEqualTo("UNAVAILABLE DRAINING");
            Scrape end = Scrape.of(draining);
            assertThat(end.value("refusals_total", "reason=\"draining\"")).isEqualTo(1);
            assertThat(end.value("refusals_total")).isEqualTo(1);
            assertThat(end.value("request_duration_seconds_count", "outcome=\"refused\""))
                    .isEqualTo(1);
        }
    }

    @Test
    void inputTokensOfEmbeddingsAndScoresAreCounted() {
        serving.service
                .calls()
                .embed(EmbedRequest.newBuilder()
                        .setModel(name)
                        .addTexts("abc")
                        .addTexts("a")
                        .build());
        Scrape embedded = scrape();
        // Each text has BOS.
        assertThat(embedded.since(begin, "tokens_total", "type=\"input\"")).isEqualTo(4 + 2);
        assertThat(embedded.since(
                        begin, "request_duration_seconds_count", "operation=\"embeddings\"", "outcome=\"ok\""))
                .isEqualTo(1);
        serving.service
                .calls()
                .score(ScoreRequest.newBuilder()
                        .setModel(name)
                        .setPrompt("ab")
                        .addContinuations("ca")
                        .addContinuations("c")
                        .build());
        // The prompt, with BOS, counts once.
        assertThat(scrape().since(begin, "tokens_total", "type=\"input\"")).isEqualTo(4 + 2 + 3 + 2 + 1);
        assertThat(scrape().since(begin, "tokens_total", "type=\"output\"")).isZero();
    }

    @Test
    void queuedTextsAreReported() {
        EmbedRequest.Builder request = EmbedRequest.newBuilder().setModel(name);
        for (int i = 0; i < 15; i++) {
            request.addTexts("abc".repeat(500));
        }
        CompletableFuture<EmbedResponse> reading =
                ServingFixture.async(() -> serving.service.calls().embed(request.build()));
        await(() -> scrape().value("texts_waiting", model) > 0 && load().getQueuedRequests() > 0);
        assertThat(reading.join().getEmbeddingsCount()).isEqualTo(15);
        assertThat(scrape().value("texts_waiting", model)).isZero();
        assertThat(load().getQueuedRequests()).isZero();
    }

    @Test
    void swapsAndFailedLoadsAreCounted() throws IOException {
        serving.serve(name, 2, VersionKind.VERSION_KIND_BASE, weights());
        assertThat(scrape().value("swaps_total", model)).isEqualTo(1);
        assertThat(scrape().since(begin, "load_failures_total")).isZero();

        serving.promoteInvalid(name, 3);
        assertThat(scrape().value("load_failures_total", model)).isEqualTo(1);
        assertThat(scrape().value("swaps_total", model)).isEqualTo(1);
    }
}
