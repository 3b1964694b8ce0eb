package io.rootstock.inference.service;

import static io.rootstock.inference.service.ServingFixture.await;
import static io.rootstock.inference.service.ServingFixture.options;
import static io.rootstock.inference.service.ServingFixture.refusal;
import static io.rootstock.inference.service.ServingFixture.refusedField;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import io.rootstock.artifacts.Digest;
import io.rootstock.inference.v1.AbortRequest;
import io.rootstock.inference.v1.Adapter;
import io.rootstock.inference.v1.AdapterUse;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.GenerateResponse;
import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.GetLoadRequest;
import io.rootstock.inference.v1.GetLoadResponse;
import io.rootstock.inference.v1.ListAdaptersRequest;
import io.rootstock.inference.v1.LoadAdapterRequest;
import io.rootstock.inference.v1.ModelLoad;
import io.rootstock.inference.v1.ServedModel;
import io.rootstock.inference.v1.UnloadAdapterRequest;
import io.rootstock.inference.v1.WatchServingRequest;
import io.rootstock.inference.v1.WatchServingResponse;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.Version;
import io.rootstock.service.ErrorDetails;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The control API of the packaged service under load, with one slot and a queue of two requests. */
@Timeout(300)
class ControlIT {
    private static final int CONTEXT = 16_384;
    private static final int LONG = CONTEXT - 1000;

    @TempDir
    static Path home;

    @TempDir
    static Path scratch;

    private static ServingFixture serving;

    @BeforeAll
    static void start() throws IOException {
        serving = new ServingFixture(
                home,
                scratch,
                "rootstock.inference.slots=1",
                "rootstock.inference.queue=2",
                "rootstock.inference.queue-tokens=600",
                "rootstock.inference.stall-limit=10m",
                "rootstock.inference.context-limit=" + CONTEXT);
        for (String model :
                new String[] {"abort", "timeout", "priority", "full", "tokens", "slow", "adapters", "watched"}) {
            serving.serve(model, TinyModel.repeating("abcdefg").contextLength(CONTEXT));
        }
    }

    @AfterAll
    static void stop() {
        serving.close();
    }

    private static GenerateRequest text(String model, GenerationOptions.Builder options) {
        return GenerateRequest.newBuilder()
                .setModel(model)
                .setPrompt("a")
                .setOptions(options)
                .build();
    }

    private static GenerateResponse generate(String model, GenerationOptions.Builder options) {
        return serving.service.calls().generate(text(model, options));
    }

    /** Occupies the model's only slot with a stream that the client does not read. */
    private static PausedStream occupy(String model, String requestId) {
        return occupy(model, requestId, LONG);
    }

    private static PausedStream occupy(String model, String requestId, int tokens) {
        PausedStream stream = new PausedStream(
                serving.service.port(),
                GenerateStreamRequest.newBuilder()
                        .setModel(model)
                        .setPrompt("a")
                        .setOptions(PausedStream.large(options(tokens)).setRequestId(requestId))
                        .build());
        await(() -> load(model).getActiveRequests() == 1);
        return stream;
    }

    private static ModelLoad load(String model) {
        return serving.control().getLoad(GetLoadRequest.getDefaultInstance()).getModelsList().stream()
                .filter(one -> one.getVersion().startsWith("models/" + model + "/"))
                .findFirst()
                .orElseThrow();
    }

    private static int abort(String requestId) {
        return serving.control()
                .abort(AbortRequest.newBuilder().setRequestId(requestId).build())
                .getAborted();
    }

    @Test
    void theLoadAndTheAliasesAreStreamedWhenTheyChange() {
        Iterator<WatchServingResponse> messages =
                serving.control().watchServing(WatchServingRequest.getDefaultInstance());
        WatchServingResponse first = messages.next();
        assertThat(first.getServed().getModelsList())
                .extracting(ServedModel::getAlias)
                .contains("models/slow/aliases/production");
        assertThat(first.getLoad().getEngine()).startsWith("llama.cpp ");
        try (PausedStream _ = occupy("watched", "watched")) {
            WatchServingResponse busy = awaitMessage(messages, load -> active(load) == 1);
            assertThat(busy.getLoad().getDraining()).isFalse();
        }
        awaitMessage(messages, load -> active(load) == 0);
    }

    private static WatchServingResponse awaitMessage(
            Iterator<WatchServingResponse> messages, Predicate<GetLoadResponse> condition) {
        while (true) {
            WatchServingResponse message = messages.next();
            if (condition.test(message.getLoad())) {
                return message;
            }
        }
    }

    private static int active(GetLoadResponse load) {
        return load.getModelsList().stream()
                .filter(one -> one.getVersion().startsWith("models/watched/"))
                .mapToInt(ModelLoad::getActiveRequests)
                .sum();
    }

    @Test
    void queuedAndRunningRequestsAreAborted() {
        try (PausedStream running = occupy("abort", "running")) {
            CompletableFuture<String> waiting = ServingFixture.async(
                    () -> refusal(() -> generate("abort", options(5).setRequestId("waiting"))));
            await(() -> load("abort").getQueuedRequests() == 1);
            ModelLoad load = load("abort");
            assertThat(load.getSlots()).isEqualTo(1);
            assertThat(load.getQueuedTokens()).isEqualTo(2);
            assertThat(load.getCells()).isGreaterThanOrEqualTo(CONTEXT);
            assertThat(serving.control()
                            .getLoad(GetLoadRequest.getDefaultInstance())
                            .getResidentBytes())
                    .isPositive();

            assertThat(abort("waiting")).isEqualTo(1);
            assertThat(waiting.join()).isEqualTo("ABORTED REQUEST_ABORTED");
            assertThat(abort("running")).isEqualTo(1);
            assertThat(refusal(running::end)).isEqualTo("ABORTED REQUEST_ABORTED");
        }
        await(() -> load("abort").getActiveRequests() == 0);
        assertThat(abort("running")).isZero();
        assertThat(refusedField(() -> abort(""))).isEqualTo("request_id");
        assertThat(generate("abort", options(3)).getCompletions(0).getText()).isEqualTo("bcd");
    }

    @Test
    void aRequestFailsAfterItsQueueTimeout() {
        try (PausedStream running = occupy("timeout", "")) {
            Duration wait = Duration.newBuilder().setNanos(100_000_000).build();
            assertThat(refusal(() -> generate("timeout", options(5).setQueueTimeout(wait))))
                    .isEqualTo("RESOURCE_EXHAUSTED QUEUE_TIMEOUT");
            running.cancel();
            await(() -> load("timeout").getActiveRequests() == 0);
        }
        assertThat(generate("timeout", options(2)).getCompletions(0).getText()).isEqualTo("bc");
    }

    @Test
    void theHigherPriorityRunsFirst() {
        try (PausedStream running = occupy("priority", "")) {
            CompletableFuture<GenerateResponse> patient = ServingFixture.async(
                    () -> generate("priority", options(4000).setPriority(-5)));
            await(() -> load("priority").getQueuedRequests() == 1);
            CompletableFuture<GenerateResponse> urgent =
                    ServingFixture.async(() -> generate("priority", options(2).setPriority(5)));
            await(() -> load("priority").getQueuedRequests() == 2);
            running.cancel();
            patient.join();
            assertThat(urgent).isCompleted();
        }
    }

    @Test
    void aFullQueueRejectsAtOnceWithRetryInformation() {
        try (PausedStream _ = occupy("full", "");
                PausedStream _ = queued("full", 1);
                PausedStream _ = queued("full", 2)) {
            int tries = 500;
            double secondsBefore = duration("seconds_sum");
            double countBefore = duration("seconds_count");
            long[] nanoseconds = new long[tries];
            for (int i = 0; i < tries; i++) {
                long start = System.nanoTime();
                String refusal = refusal(() -> {
                    try {
                        generate("full", options(1));
                    } catch (RuntimeException e) {
                        assertThat(ErrorDetails.retryAfter(e)).isPresent();
                        throw e;
                    }
                });
                nanoseconds[i] = System.nanoTime() - start;
                assertThat(refusal).isEqualTo("RESOURCE_EXHAUSTED QUEUE_FULL");
            }
            Arrays.sort(nanoseconds);
            double milliseconds =
                    1000 * (duration("seconds_sum") - secondsBefore) / (duration("seconds_count") - countBefore);
            assertThat(milliseconds).isLessThan(5);
            System.out.printf(
                    Locale.ROOT,
                    "refused when full: p50 %.2f ms, p99 %.2f ms seen by the client, mean in the service %.2f ms, of"
                            + " %d%n",
                    nanoseconds[tries / 2] / 1e6,
                    nanoseconds[tries * 99 / 100] / 1e6,
                    milliseconds,
                    tries);
        }
        await(() -> load("full").getActiveRequests() + load("full").getQueuedRequests() == 0);
    }

    /** Returns request_duration_{suffix} of the rejected requests. */
    private static double duration(String suffix) {
        return Scrape.of(serving).value("request_duration_" + suffix, "outcome=\"refused\"");
    }

    private static PausedStream queued(String model, int place) {
        PausedStream stream = new PausedStream(
                serving.service.port(),
                GenerateStreamRequest.newBuilder()
                        .setModel(model)
                        .setPrompt("a")
                        .setOptions(options(5))
                        .build());
        await(() -> load(model).getQueuedRequests() == place);
        return stream;
    }

    @Test
    void theQueueIsBoundedByPromptTokens() {
        try (PausedStream running = occupy("tokens", "")) {
            GenerateRequest large = text("tokens", options(1)).toBuilder()
                    .setPrompt("a".repeat(500))
                    .build();
            CompletableFuture<GenerateResponse> waiting =
                    ServingFixture.async(() -> serving.service.calls().generate(large));
            await(() -> load("tokens").getQueuedTokens() == 501);
            assertThat(refusal(() -> serving.service.calls().generate(large)))
                    .isEqualTo("RESOURCE_EXHAUSTED QUEUE_FULL");
            running.cancel();
            assertThat(waiting.join().getCompletions(0).getText()).isEqualTo("b");
        }
    }

    @Test
    void aSlowReaderPausesOnlyItsOwnStreamAndReceivesAllOfIt() {
        // More than the service decodes before the client reads.
        int tokens = 6000;
        try (PausedStream slow = occupy("slow", "", tokens)) {
            assertThat(generate("abort", options(300)).getCompletions(0).getText())
                    .hasSize(300);
            assertThat(load("slow").getActiveRequests()).isEqualTo(1);
            assertThat(slow.end().text()).hasSize(tokens);
        }
    }

    @Test
    void anAdapterAnswersLikeTheMergedModel() throws IOException {
        TinyModel base = TinyModel.random(41);
        TinyModel merged = TinyModel.random(41);
        Path file = TinyAdapter.write(scratch.resolve("tone.gguf"), merged, 2.0);
        serving.serve("plain", base);
        serving.serve("merged", merged);
        Digest digest = serving.store.putFile(file);
        LoadAdapterRequest request = LoadAdapterRequest.newBuilder()
                .setModel("plain")
                .setName("tone")
                .setDigest(digest.value())
                .setPinned(true)
                .build();
        Adapter loaded = serving.control().loadAdapter(request).getAdapter();
        assertThat(loaded.getVersion()).isEqualTo("models/plain/versions/1");
        assertThat(loaded.getPinned()).isTrue();
        String without = generate("plain", options(20)).getCompletions(0).getText();
        String with = generate(
                        "plain", options(20).setAdapter(AdapterUse.newBuilder().setName("tone")))
                .getCompletions(0)
                .getText();
        assertThat(with).isNotEqualTo(without);
        assertThat(with)
                .isEqualTo(generate("merged", options(20)).getCompletions(0).getText());
        assertThat(generate(
                                "plain",
                                options(20)
                                        .setAdapter(AdapterUse.newBuilder()
                                                .setName("tone")
                                                .setScale(0)))
                        .getCompletions(0)
                        .getText())
                .isEqualTo(without);

        ListAdaptersRequest list =
                ListAdaptersRequest.newBuilder().setModel("plain").build();
        assertThat(serving.control().listAdapters(list).getAdaptersList()).containsExactly(loaded);
        serving.control()
                .unloadAdapter(UnloadAdapterRequest.newBuilder()
                        .setModel("plain")
                        .setName("tone")
                        .build());
        assertThat(serving.control().listAdapters(list).getAdaptersList()).isEmpty();
        assertThat(refusal(() -> generate(
                        "plain", options(1).setAdapter(AdapterUse.newBuilder().setName("tone")))))
                .isEqualTo("NOT_FOUND RESOURCE_NOT_FOUND");
    }

    @Test
    void aVersionOfASharedBaseAnswersLikeTheMergedModelBesideItsBase() throws IOException {
        TinyModel merged = TinyModel.random(43);
        Path file = TinyAdapter.write(scratch.resolve("own.gguf"), merged, 2.0);
        Version base = serving.serve("shared-base", TinyModel.random(43));
        serving.serve("merged-base", merged);
        serving.serveWithAdapter("adapted-base", base, file);
        String expected = text("merged-base");
        assertThat(text("adapted-base")).isEqualTo(expected).isNotEqualTo(text("shared-base"));

        // A request's adapter is added to the version's adapter; with scale -1 it cancels the same adapter.
        serving.control()
                .loadAdapter(LoadAdapterRequest.newBuilder()
                        .setModel("adapted-base")
                        .setName("same")
                        .setDigest(serving.store.putFile(file).value())
                        .build());
        assertThat(generate(
                                "adapted-base",
                                options(20)
                                        .setAdapter(AdapterUse.newBuilder()
                                                .setName("same")
                                                .setScale(-1)))
                        .getCompletions(0)
                        .getText())
                .isEqualTo(text("shared-base"));
        assertThat(text("adapted-base")).isEqualTo(expected);
    }

    private static String text(String model) {
        return generate(model, options(20)).getCompletions(0).getText();
    }

    @Test
    void invalidAdaptersAreRejectedWithTheReason() throws IOException {
        LoadAdapterRequest request = LoadAdapterRequest.newBuilder()
                .setModel("adapters")
                .setName("tone")
                .setDigest("sha256:" + "0".repeat(64))
                .build();
        assertThat(refusedField(() -> serving.control()
                        .loadAdapter(request.toBuilder().setDigest("tone.gguf").build())))
                .isEqualTo("digest");
        assertThat(refusedField(() -> serving.control()
                        .loadAdapter(request.toBuilder().setName("No Name").build())))
                .isEqualTo("name");
        assertThat(refusal(() -> serving.control().loadAdapter(request))).isEqualTo("NOT_FOUND RESOURCE_NOT_FOUND");
        Digest noise = serving.store.putFile(
                Files.write(scratch.resolve("noise"), "GGUF and no adapter".getBytes(StandardCharsets.UTF_8)));
        assertThat(refusal(() -> serving.control()
                        .loadAdapter(
                                request.toBuilder().setDigest(noise.value()).build())))
                .isEqualTo("FAILED_PRECONDITION ADAPTER_INVALID");
        assertThat(refusal(() -> serving.control()
                        .unloadAdapter(UnloadAdapterRequest.newBuilder()
                                .setModel("adapters")
                                .setName("tone")
                                .build())))
                .isEqualTo("NOT_FOUND RESOURCE_NOT_FOUND");
        assertThat(serving.control()
                        .listAdapters(ListAdaptersRequest.newBuilder()
                                .setModel("adapters")
                                .build())
                        .getAdaptersList())
                .isEmpty();
    }
}
