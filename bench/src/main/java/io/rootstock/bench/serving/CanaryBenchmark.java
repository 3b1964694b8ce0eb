package io.rootstock.bench.serving;

import com.google.protobuf.Timestamp;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Endpoints;
import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.Service;
import io.rootstock.files.FileTree;
import io.rootstock.inference.v1.ListServedModelsRequest;
import io.rootstock.registry.v1.AliasCanary;
import io.rootstock.registry.v1.CanaryAnalysis;
import io.rootstock.registry.v1.CanaryAnalysisSpec;
import io.rootstock.registry.v1.CanaryAnalysisState;
import io.rootstock.registry.v1.CanaryVerdict;
import io.rootstock.registry.v1.ClearAliasCanaryRequest;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.GetCanaryAnalysisRequest;
import io.rootstock.registry.v1.SetAliasCanaryRequest;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Canaries with planted faults beside a good version, one after another, through the real registry and the real inference service
 * under constant load; at the end a good canary is promoted by its analysis. Prints {@code rollbacks= missed= requests= lost=
 * intervals_to_rollback_max= seconds_to_rollback_max= promoted=}.
 */
public final class CanaryBenchmark {
    static final String MODEL = "letters";

    private static final String ALIAS = "models/" + MODEL + "/aliases/production";
    private static final int ROLLBACKS = 20;
    private static final int QUICK_ROLLBACKS = 3;
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);
    private static final int INTERVAL_SECONDS = 2;
    /** Requests that must end between two canaries. */
    private static final int REQUESTS_BETWEEN = 20;

    private static final int USUAL_LAYERS = 4;

    private final Clients clients;
    private final Map<Kind, String> versions = new EnumMap<>(Kind.class);
    private final Map<String, Character> letters = new HashMap<>();
    private int rollbacks;
    private int missed;
    private int longestIntervals;
    private double longestSeconds;

    /** Versions; all but the first and the last have a fault. */
    private enum Kind {
        CURRENT('a', LetterModel.CONTEXT, USUAL_LAYERS, ""),
        /** Refuses long prompts, which the current version accepts. */
        SHORT_CONTEXT('b', 64, USUAL_LAYERS, ""),
        /** Fails requests with one of the words, and whatever is decoded beside them. */
        DAMAGED('c', LetterModel.CONTEXT, USUAL_LAYERS, CanaryLoad.RARE),
        /** Computes thirty times longer; its time to the first token, most of which is other work, is several times longer. */
        SLOW('d', LetterModel.CONTEXT, 30 * USUAL_LAYERS, ""),
        /** Gives other answers; only its shadow copies show that. */
        OTHER_ANSWERS('e', LetterModel.CONTEXT, USUAL_LAYERS, ""),
        GOOD('f', LetterModel.CONTEXT, USUAL_LAYERS, "");

        private final char letter;
        private final int context;
        private final int layers;
        private final String damaged;

        Kind(char letter, int context, int layers, String damaged) {
            this.letter = letter;
            this.context = context;
            this.layers = layers;
            this.damaged = damaged;
        }
    }

    private static final List<Kind> BAD = List.of(Kind.SHORT_CONTEXT, Kind.SLOW, Kind.OTHER_ANSWERS, Kind.DAMAGED);

    private CanaryBenchmark(Clients clients) {
        this.clients = clients;
    }

    /** Entry point; {@code --quick} plants three faults instead of twenty. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rounds = List.of(arguments).contains("--quick") ? QUICK_ROLLBACKS : ROLLBACKS;
        Path home = Files.createTempDirectory("rootstock-canary-");
        Installation installation = Installation.onFreePorts(home);
        try {
            installation.start(List.of(Service.REGISTRY, Service.INFERENCE));
            int httpPort = installation.running(Service.INFERENCE).orElseThrow().httpPort();
            try (Clients clients = new Clients(Endpoints.local(installation))) {
                CanaryBenchmark benchmark = new CanaryBenchmark(clients);
                benchmark.register(home);
                benchmark.run(rounds, httpPort);
            }
        } finally {
            installation.stop();
            FileTree.delete(home);
        }
    }

    private void register(Path home) throws IOException {
        DirectoryArtifactStore store = new DirectoryArtifactStore(home.resolve("artifacts"));
        Path scratch = Files.createDirectories(home.resolve("letters"));
        for (Kind kind : Kind.values()) {
            Path file = LetterModel.write(scratch, kind.letter, kind.context, kind.layers, kind.damaged);
            String name = clients.models()
                    .createVersion(
                            CreateVersionRequest.newBuilder()
                                    .setModel("models/" + MODEL)
                                    .setVersion(ServingModel.version(
                                                    MODEL, 1, ArtifactKind.ARTIFACT_KIND_GGUF_F32, store.putFile(file))
                                            .toBuilder()
                                            .clearName())
                                    .build())
                    .getVersion()
                    .getName();
            versions.put(kind, name);
            letters.put(name, kind.letter);
        }
        var _ = clients.models()
                .setAlias(SetAliasRequest.newBuilder()
                        .setName(ALIAS)
                        .setVersion(versions.get(Kind.CURRENT))
                        .build());
        await(() ->
                clients
                        .inference()
                        .listServedModels(ListServedModelsRequest.getDefaultInstance())
                        .getModelsList()
                        .stream()
                        .anyMatch(model -> model.getVersion().equals(versions.get(Kind.CURRENT))));
    }

    private void run(int rounds, int httpPort) throws InterruptedException {
        CanaryLoad load = new CanaryLoad(clients, httpPort, letters);
        boolean promoted;
        try {
            for (int round = 0; round < rounds; round++) {
                awaitRequests(load);
                plant(BAD.get(round % BAD.size()), load);
            }
            awaitRequests(load);
            promoted = analysed(Kind.GOOD, true).getState() == CanaryAnalysisState.CANARY_ANALYSIS_STATE_PROMOTED;
            awaitRequests(load);
        } finally {
            load.end();
        }
        load.reasons().forEach((reason, times) -> System.out.println("lost, " + times + " times: " + reason));
        new TreeMap<>(load.answered())
                .forEach((version, times) ->
                        System.out.printf("%s (%s) answered %d%n", version, letters.get(version), times));
        System.out.printf("rollbacks=%d%n", rollbacks);
        System.out.printf("missed=%d%n", missed);
        System.out.printf("requests=%d%n", load.requests());
        System.out.printf("lost=%d%n", load.lost());
        System.out.printf("intervals_to_rollback_max=%d%n", longestIntervals);
        System.out.printf(Locale.ROOT, "seconds_to_rollback_max=%.1f%n", longestSeconds);
        System.out.printf("promoted=%d%n", promoted ? 1 : 0);
    }

    private static void awaitRequests(CanaryLoad load) {
        int before = load.requests();
        await(() -> load.requests() >= before + REQUESTS_BETWEEN);
    }

    /** Adds a bad canary and waits until its analysis has ended. */
    private void plant(Kind kind, CanaryLoad load) {
        CanaryAnalysis analysis = analysed(kind, false);
        int judged = (int) analysis.getIntervalsList().stream()
                .filter(interval -> interval.getVerdict() != CanaryVerdict.CANARY_VERDICT_WAITING)
                .count();
        double seconds = seconds(analysis.getEndTime()) - seconds(analysis.getStartTime());
        if (analysis.getState() == CanaryAnalysisState.CANARY_ANALYSIS_STATE_ROLLED_BACK) {
            rollbacks++;
            longestIntervals = Math.max(longestIntervals, judged);
            longestSeconds = Math.max(longestSeconds, seconds);
        } else {
            missed++;
            var _ = clients.models()
                    .clearAliasCanary(
                            ClearAliasCanaryRequest.newBuilder().setName(ALIAS).build());
        }
        System.out.printf(
                Locale.ROOT,
                "%-13s %d judged intervals, %.1f s, %d requests, %d lost: %s%n",
                kind.name().toLowerCase(Locale.ROOT),
                judged,
                seconds,
                load.requests(),
                load.lost(),
                analysis.getReason());
    }

    private static double seconds(Timestamp time) {
        return time.getSeconds() + time.getNanos() / 1e9;
    }

    private CanaryAnalysis analysed(Kind kind, boolean good) {
        boolean answers = kind == Kind.OTHER_ANSWERS;
        CanaryAnalysisSpec.Builder spec = CanaryAnalysisSpec.newBuilder()
                .addSteps(20)
                .addSteps(50)
                .setIntervalSeconds(INTERVAL_SECONDS)
                .setMinimumAgreement(answers ? 0.5 : 0)
                // Good canaries share two cores with the load, too.
                .setMaximumFirstTokenRatio(kind == Kind.SLOW ? 1.5 : 0)
                .setPromote(good);
        var _ = clients.models()
                .setAliasCanary(SetAliasCanaryRequest.newBuilder()
                        .setName(ALIAS)
                        .setCanary(AliasCanary.newBuilder()
                                .setVersion(versions.get(kind))
                                .setShadow(answers)
                                .setAnalysis(spec))
                        .build());
        await(() -> analysis().hasEndTime());
        return analysis();
    }

    private CanaryAnalysis analysis() {
        return clients.canaries()
                .getCanaryAnalysis(
                        GetCanaryAnalysisRequest.newBuilder().setAlias(ALIAS).build())
                .getAnalysis();
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("condition still false after three minutes");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }
}
