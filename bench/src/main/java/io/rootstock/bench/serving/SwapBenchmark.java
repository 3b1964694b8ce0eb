package io.rootstock.bench.serving;

import com.google.protobuf.Duration;
import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Endpoints;
import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.Service;
import io.rootstock.files.FileTree;
import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.FinishReason;
import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GenerateStreamResponse;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.ListServedModelsRequest;
import io.rootstock.inference.v1.Sampling;
import io.rootstock.inference.v1.ServedModel;
import io.rootstock.inference.v1.ServedState;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Promotes versions of a model, one after another, during continuous streams, through the real registry and the real
 * inference service. Each version generates only its own letter: a stream is lost if it ends in an error, contains
 * another letter than its version's, or has a different length than requested.
 */
public final class SwapBenchmark {
    private static final int PROMOTIONS = 100;
    private static final int STREAMS = 16;
    private static final List<Character> LETTERS = List.of('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j');
    private static final String MODEL = "models/letters";
    private static final String ALIAS = MODEL + "/aliases/production";
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);
    /** Streams that must end between two promotions, so that both versions serve requests. */
    private static final int STREAMS_BETWEEN = 8;

    private final Clients clients;
    /** Version name to its letter. */
    private final Map<String, Character> letters = new ConcurrentHashMap<>();

    private final List<String> versions = new ArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final Map<String, Integer> reasons = new ConcurrentHashMap<>();
    private final Map<String, Integer> answered = new ConcurrentHashMap<>();
    private final List<Double> swaps = new ArrayList<>();
    private volatile boolean over;

    private SwapBenchmark(Clients clients) {
        this.clients = clients;
    }

    /** Promotes, counts and prints the figures. Argument: number of promotions, by default 100. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int promotions = arguments.length > 0 ? Integer.parseInt(arguments[0]) : PROMOTIONS;
        Path home = Files.createTempDirectory("rootstock-swap-");
        Installation installation = Installation.onFreePorts(home);
        try {
            installation.start(List.of(Service.REGISTRY, Service.INFERENCE));
            try (Clients clients = new Clients(Endpoints.local(installation))) {
                SwapBenchmark benchmark = new SwapBenchmark(clients);
                benchmark.register(home);
                benchmark.run(promotions);
                benchmark.print(promotions);
            }
        } finally {
            installation.stop();
            FileTree.delete(home);
        }
    }

    private void register(Path home) throws IOException {
        DirectoryArtifactStore store = new DirectoryArtifactStore(home.resolve("artifacts"));
        Path scratch = Files.createDirectories(home.resolve("letters"));
        for (char letter : LETTERS) {
            Digest digest = store.putFile(LetterModel.write(scratch, letter));
            String name = clients.models()
                    .createVersion(CreateVersionRequest.newBuilder()
                            .setModel(MODEL)
                            .setVersion(
                                    ServingModel.version("letters", 1, ArtifactKind.ARTIFACT_KIND_GGUF_F32, digest)
                                            .toBuilder()
                                            .clearName())
                            .build())
                    .getVersion()
                    .getName();
            letters.put(name, letter);
            versions.add(name);
        }
    }

    private void run(int promotions) throws InterruptedException {
        promote(versions.getLast());
        List<Thread> streams = new ArrayList<>();
        for (int stream = 0; stream < STREAMS; stream++) {
            SplittableRandom random = new SplittableRandom(stream);
            streams.add(Thread.ofVirtual().start(() -> {
                while (!over) {
                    one(random);
                }
            }));
        }
        for (int promotion = 0; promotion < promotions; promotion++) {
            long start = System.nanoTime();
            promote(versions.get(promotion % versions.size()));
            swaps.add((System.nanoTime() - start) / 1e6);
            int before = requests.get();
            await(() -> requests.get() >= before + STREAMS_BETWEEN);
            System.err.printf("\r%d promotions, %d requests, %d lost   ", promotion + 1, requests.get(), lost.get());
        }
        System.err.println();
        over = true;
        for (Thread stream : streams) {
            stream.join();
        }
    }

    private void promote(String version) {
        clients.models()
                .setAlias(SetAliasRequest.newBuilder()
                        .setName(ALIAS)
                        .setVersion(version)
                        .build());
        await(() -> {
            for (ServedModel model : clients.inference()
                    .listServedModels(ListServedModelsRequest.getDefaultInstance())
                    .getModelsList()) {
                if (model.getState() == ServedState.SERVED_STATE_LOAD_FAILED) {
                    throw new IllegalStateException(version + " does not load: " + model.getError());
                }
                if (model.getAlias().equals(ALIAS) && model.getVersion().equals(version)) {
                    return true;
                }
            }
            return false;
        });
    }

    private void one(SplittableRandom random) {
        int tokens = random.nextInt(16, 128);
        StringBuilder text = new StringBuilder();
        Finish finish = Finish.getDefaultInstance();
        String wrong;
        try {
            Iterator<GenerateStreamResponse> responses = clients.inference()
                    .generateStream(GenerateStreamRequest.newBuilder()
                            .setModel("letters")
                            .setPrompt("the dog jumps over " + random.nextInt(1000))
                            .setOptions(GenerationOptions.newBuilder()
                                    .setMaxTokens(tokens)
                                    // On a slow machine the wait for a slot is long; a timeout must not count as a lost
                                    // stream.
                                    .setQueueTimeout(Duration.newBuilder().setSeconds(3600))
                                    .setSampling(Sampling.newBuilder().setTemperature(0)))
                            .build());
            while (responses.hasNext()) {
                GenerateStreamResponse response = responses.next();
                text.append(response.getText());
                finish = response.hasFinish() ? response.getFinish() : finish;
            }
            wrong = wrong(text.toString(), finish, tokens);
        } catch (StatusRuntimeException e) {
            wrong = e.getStatus().getCode() + ": " + e.getStatus().getDescription();
        }
        requests.incrementAndGet();
        if (wrong.isEmpty()) {
            answered.merge(finish.getVersion(), 1, Integer::sum);
        } else {
            lost.incrementAndGet();
            reasons.merge(wrong, 1, Integer::sum);
        }
    }

    private String wrong(String text, Finish finish, int tokens) {
        Character letter = letters.get(finish.getVersion());
        if (letter == null || finish.getReason() != FinishReason.FINISH_REASON_LENGTH) {
            return "a stream ended without its version or by " + finish.getReason();
        }
        return text.equals(letter.toString().repeat(tokens))
                ? ""
                : finish.getVersion() + " says " + letter + ", a stream of " + tokens + " tokens was: " + text;
    }

    private void print(int promotions) {
        System.out.printf("%-28s %10s %8s%n", "version", "says", "answers");
        versions.forEach(version -> System.out.printf(
                "%-28s %10s %8d%n", version, letters.get(version), answered.getOrDefault(version, 0)));
        reasons.forEach((reason, times) -> System.out.println("lost, " + times + " times: " + reason));
        Quantiles times = Quantiles.of(swaps);
        System.out.printf(
                Locale.ROOT,
                "from the promotion to its first response under %d streams: p50 %.0f, p95 %.0f, p99 %.0f ms%n",
                STREAMS,
                times.p50(),
                times.p95(),
                times.p99());
        System.out.printf("promotions=%d%nrequests=%d%nrequests_lost=%d%n", promotions, requests.get(), lost.get());
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("nothing happened for three minutes");
            }
            java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }
}
