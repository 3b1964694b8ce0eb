package io.rootstock.bench.serving;

import io.rootstock.bench.rounds.Figures;
import io.rootstock.bench.rounds.SideBySide;
import io.rootstock.bench.service.Form;
import io.rootstock.llama.Llama;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures tokens per second and latencies of the service through gRPC, of llama-server, and of the engine alone.
 * Rounds of each load alternate between them, so that other activity of the machine affects all of them.
 */
public final class ThroughputBenchmark {
    private static final int TOKENS = 32;
    private static final int SLOTS = 32;
    private static final int CONTEXT = 256;
    private static final List<Integer> ENGINE_LOADS = List.of(1, 8);
    /** Minimum number of streams for comparing time to first token: with fewer, requests do not wait. */
    private static final int UNDER_LOAD = 8;
    /** Duration of each side's warm-up. */
    private static final double WARM_UP_SECONDS = 8;
    /** Minimum duration of a round, also for a fast model, to reduce noise. */
    private static final double ROUND_SECONDS = 3;

    private final Form form = Form.best();
    private final Setting setting =
            new Setting(SLOTS, CONTEXT, Runtime.getRuntime().availableProcessors());
    private final Path llamaServer;
    private final ServingModels models;
    private final List<Integer> loads;
    private final int rounds;
    private final Map<Integer, Double> ratios = new LinkedHashMap<>();
    private double firstTokenRatio;
    private double addedMilliseconds = Double.NEGATIVE_INFINITY;
    private double takenShare = Double.NEGATIVE_INFINITY;

    private ThroughputBenchmark(Path llamaServer, boolean quick) throws IOException {
        this.llamaServer = llamaServer;
        this.models = new ServingModels();
        this.loads = quick ? List.of(1, 8, 32) : List.of(1, 4, 8, 16, 32);
        this.rounds = quick ? 1 : 2;
    }

    /**
     * Measures; prints tables and the figures. Arguments: the path of llama-server; {@code --quick}; {@code --small}.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> given = List.of(arguments);
        boolean quick = given.contains("--quick");
        Path server = Path.of(given.getFirst());
        ThroughputBenchmark benchmark = new ThroughputBenchmark(server, quick);
        List<ServingModel> measured = new ArrayList<>();
        measured.add(benchmark.models.small());
        if (!given.contains("--small")) {
            List<ServingModel> large = benchmark.models.large();
            measured.addAll(quick ? large.subList(1, 2) : large);
        }
        for (ServingModel model : measured) {
            benchmark.measure(model);
        }
        benchmark.figures();
    }

    private void measure(ServingModel model) throws IOException, InterruptedException {
        System.out.printf(
                Locale.ROOT,
                "%n%s: %d threads, %d slots, prompts of 32 to 64 tokens, %d new tokens, F16 keys and values, llama.cpp %s%n",
                model.title(),
                setting.threads(),
                setting.slots(),
                TOKENS,
                Llama.shared().version());
        System.out.println(Load.HEADER);
        try (Contender service = new GrpcContender(form, models.home(), model, setting, GrpcContender.Prompts.TEXT);
                Contender peer = new LlamaServerContender(llamaServer, models.home(), model, setting);
                Contender engine = new EngineContender(model, setting)) {
            double slowest = Double.POSITIVE_INFINITY;
            for (Contender contender : List.of(service, peer, engine)) {
                slowest = Math.min(slowest, warmUp(contender, model));
            }
            int leastRequests = (int) Math.max(4, ROUND_SECONDS * slowest / TOKENS);
            for (int streams : loads) {
                measure(model, streams, leastRequests, service, peer, engine);
            }
        }
    }

    /** Warms up kernel selection, compilation (also of the client) and pages. Returns tokens per second. */
    private static double warmUp(Contender contender, ServingModel model) throws IOException, InterruptedException {
        Load load = new Load(UNDER_LOAD);
        do {
            load.run(contender, model.prompts(), 2 * UNDER_LOAD, TOKENS);
        } while (load.seconds() < WARM_UP_SECONDS);
        return load.tokensPerSecond();
    }

    private void measure(
            ServingModel model, int streams, int leastRequests, Contender service, Contender peer, Contender engine)
            throws IOException, InterruptedException {
        Load ours = new Load(streams);
        Load theirs = new Load(streams);
        Load bare = new Load(streams);
        boolean withEngine = ENGINE_LOADS.contains(streams);
        int requests = Math.max(leastRequests, streams == 32 ? 48 : 2 * streams);
        List<SideBySide.Turn<Double>> sides = new ArrayList<>(List.of(
                () -> ours.run(service, model.prompts(), requests, TOKENS),
                () -> theirs.run(peer, model.prompts(), requests, TOKENS)));
        if (withEngine) {
            sides.add(() -> bare.run(engine, model.prompts(), requests, TOKENS));
        }
        SideBySide.run(0, rounds, sides);
        System.out.println(ours.row(service.title()));
        System.out.println(theirs.row(peer.title()));
        ratios.merge(streams, ours.tokensPerSecond() / theirs.tokensPerSecond(), Math::min);
        if (streams >= UNDER_LOAD) {
            firstTokenRatio = Math.max(
                    firstTokenRatio,
                    ours.firstToken().p95() / theirs.firstToken().p95());
        }
        if (withEngine) {
            System.out.println(bare.row(engine.title()));
            takenShare = Math.max(takenShare, 1 - ours.tokensPerSecond() / bare.tokensPerSecond());
            if (streams == 1) {
                addedMilliseconds = Math.max(
                        addedMilliseconds,
                        ours.firstToken().p50() - bare.firstToken().p50());
            }
        }
    }

    private void figures() {
        System.out.printf(
                Locale.ROOT, "%nours / llama-server, the worst of the models; form of the service: %s%n", form.title());
        ratios.forEach((streams, ratio) ->
                System.out.printf(Locale.ROOT, "%2d streams: %.3f times llama-server's tokens/s%n", streams, ratio));
        Figures.print("grpc_added_first_token_ms", addedMilliseconds);
        Figures.print("grpc_throughput_share", takenShare);
        Figures.print("ratio_1_stream", ratios.get(1));
        Figures.print("ratio_8_streams", ratios.get(8));
        Figures.print("ratio_32_streams", ratios.get(32));
        Figures.print("ttft_p95_ratio", firstTokenRatio);
    }
}
