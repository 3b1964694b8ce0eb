package io.rootstock.bench.serving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.bench.BenchmarkData;
import io.rootstock.bench.rounds.Figures;
import io.rootstock.bench.rounds.Samples;
import io.rootstock.bench.rounds.SideBySide;
import io.rootstock.bench.service.FixedRegistry;
import io.rootstock.bench.service.Form;
import io.rootstock.bench.service.RunningService;
import io.rootstock.inference.engine.Compute;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.inference.v1.InferenceServiceGrpc.InferenceServiceBlockingStub;
import io.rootstock.inference.v1.ScoreRequest;
import io.rootstock.inference.v1.TokenSequence;
import io.rootstock.llama.Batch;
import io.rootstock.llama.ContextOptions;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaContext;
import io.rootstock.llama.LlamaModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Measures how many rows of a multiple-choice task the service scores per second, and how this compares with the bare
 * engine on the same tokens. A row's prompt counts once, because its continuations share it.
 */
public final class ScoreBenchmark {
    private static final int SLOTS = 8;
    private static final int CONTEXT = 512;
    private static final int CLIENTS = 8;
    private static final int ROWS = 400;
    private static final int QUICK_ROWS = 100;
    private static final int ROUNDS = 5;
    private static final int QUICK_ROUNDS = 3;
    private static final int WARM_UPS = 2;

    private final LlamaModel model;
    private final int threads = Runtime.getRuntime().availableProcessors();
    private final List<ScoreRequest> requests;
    private final int[] tokens;

    private ScoreBenchmark(ServingModel of, int rows) throws IOException {
        this.model = Llama.shared().load(of.file());
        this.requests = requests(of.name(), rows);
        this.tokens = requests.stream()
                .flatMapToInt(request -> IntStream.concat(
                        tokens(request.getPromptTokens()),
                        request.getContinuationTokensList().stream().flatMapToInt(ScoreBenchmark::tokens)))
                .toArray();
    }

    /** Measures; prints a table and the figures. Argument: {@code --quick}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean quick = List.of(arguments).contains("--quick");
        ServingModels models = new ServingModels();
        ServingModel small = models.small();
        new ScoreBenchmark(small, quick ? QUICK_ROWS : ROWS)
                .measure(models.home(), small, quick ? QUICK_ROUNDS : ROUNDS);
    }

    private void measure(Path home, ServingModel of, int rounds) throws IOException, InterruptedException {
        // State of an earlier run must not affect this run.
        Files.deleteIfExists(home.resolve("inference").resolve("served.json"));
        Form form = Form.best();
        System.out.printf(
                Locale.ROOT,
                "%s: %d rows of ARC-easy, %d tokens, %d threads, %d slots, %d clients, llama.cpp %s%n",
                of.title(),
                requests.size(),
                tokens.length,
                threads,
                SLOTS,
                CLIENTS,
                Llama.shared().version());
        try (FixedRegistry registry = new FixedRegistry(List.of(of.version()));
                RunningService service = new RunningService(
                        form,
                        home,
                        registry.port(),
                        "rootstock.inference.variant=" + of.kind().name().replace("ARTIFACT_KIND_GGUF_", ""),
                        "rootstock.inference.slots=" + SLOTS,
                        "rootstock.inference.context-limit=" + CONTEXT,
                        "rootstock.inference.threads=" + threads);
                Compute compute = new Compute(Llama.shared(), threads);
                LlamaContext context = model.context(ContextOptions.generation(1, CONTEXT, compute.threads(), true));
                Batch batch = context.batch();
                ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            compute.attach(context);
            service.firstToken(of.name());
            InferenceServiceBlockingStub calls = InferenceServiceGrpc.newBlockingStub(service.channel());
            List<Samples<Double>> seconds = SideBySide.run(
                    WARM_UPS, rounds, List.of(() -> score(calls, clients), () -> decode(compute, context, batch)));
            report(form, seconds.get(0), seconds.get(1));
        } finally {
            model.close();
        }
    }

    private void report(Form form, Samples<Double> scored, Samples<Double> decoded) {
        double share = 1 / scored.medianRatio(decoded, seconds -> seconds);
        double rows = requests.size() / scored.median(seconds -> seconds);
        System.out.printf(
                Locale.ROOT,
                "Score through gRPC (%s): %.0f tokens/s; bare engine: %.0f tokens/s%n",
                form.title(),
                tokens.length / scored.median(seconds -> seconds),
                tokens.length / decoded.median(seconds -> seconds));
        Figures.print("rows_per_second", rows);
        Figures.print("engine_share", share);
    }

    /** Scores all rows; returns the seconds. */
    private double score(InferenceServiceBlockingStub calls, ExecutorService clients) throws InterruptedException {
        long start = System.nanoTime();
        List<Future<?>> responses = new ArrayList<>();
        for (ScoreRequest request : requests) {
            responses.add(clients.submit(() -> calls.score(request)));
        }
        for (Future<?> response : responses) {
            try {
                response.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a row was not scored", e.getCause());
            }
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** Decodes the tokens of all rows as prompts of the context length; returns the seconds. */
    private double decode(Compute compute, LlamaContext context, Batch batch) {
        long start = System.nanoTime();
        for (int from = 0; from < tokens.length; from += CONTEXT) {
            batch.clear();
            context.clear();
            int to = Math.min(tokens.length, from + CONTEXT);
            for (int place = from; place < to; place++) {
                batch.add(tokens[place], place - from, 0, place == to - 1);
            }
            compute.decode(context, batch);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private List<ScoreRequest> requests(String name, int rows) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<ScoreRequest> made = new ArrayList<>();
        Path file = BenchmarkData.file("evaluation").resolve("core").resolve("arc_easy.jsonl");
        for (String line : Files.readAllLines(file).subList(0, rows)) {
            JsonNode row = json.readTree(line);
            ScoreRequest.Builder request = ScoreRequest.newBuilder()
                    .setModel(name)
                    .setPromptTokens(sequence(
                            model.tokenize(row.get("query").asText() + "\nAnswer:", false), model.beginOfText()));
            row.get("choices")
                    .forEach(choice ->
                            request.addContinuationTokens(sequence(model.tokenize(" " + choice.asText(), false))));
            made.add(request.build());
        }
        return made;
    }

    private static TokenSequence sequence(int[] tokens, int... before) {
        return TokenSequence.newBuilder()
                .addAllTokens(IntStream.concat(IntStream.of(before), IntStream.of(tokens))
                        .boxed()
                        .toList())
                .build();
    }

    private static IntStream tokens(TokenSequence sequence) {
        return sequence.getTokensList().stream().mapToInt(Integer::intValue);
    }
}
