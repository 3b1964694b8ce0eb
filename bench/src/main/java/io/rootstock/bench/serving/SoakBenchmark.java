package io.rootstock.bench.serving;

import io.grpc.Context;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.rootstock.inference.v1.Constraint;
import io.rootstock.inference.v1.EmbedRequest;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.GenerateResponse;
import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GenerateStreamResponse;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.inference.v1.InferenceServiceGrpc.InferenceServiceBlockingStub;
import io.rootstock.inference.v1.ListServedModelsRequest;
import io.rootstock.inference.v1.Sampling;
import io.rootstock.inference.v1.ScoreRequest;
import io.rootstock.inference.v1.TokenizeRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A long mixed run: complete and streamed responses, greedy and sampled, with log-probabilities and constraints,
 * several completions of a prompt, scores, embeddings, tokenization, cancelled requests and invalid requests. Every
 * response is checked. Resident memory at the end is compared with memory after the warm-up: the prompt cache, of up to
 * 256 MB, fills within the first 2,000 requests.
 */
public final class SoakBenchmark {
    private static final int REQUESTS = 24_000;
    private static final int WARM_UP = 2_000;
    private static final int CLIENTS = 16;
    private static final int SIGHTS = 12;

    private final LetterService service;
    private final InferenceServiceBlockingStub calls;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger errors = new AtomicInteger();
    private final Map<String, Integer> reasons = new ConcurrentHashMap<>();
    private final Map<Kind, AtomicInteger> counts = new EnumMap<>(Kind.class);

    private enum Kind {
        GENERATE,
        STREAM,
        SAMPLE_SEVERAL,
        LOGPROBS,
        CONSTRAINT,
        SCORE,
        EMBED,
        TOKENIZE,
        GIVE_UP,
        REFUSED
    }

    private SoakBenchmark(LetterService service) {
        this.service = service;
        this.calls = InferenceServiceGrpc.newBlockingStub(service.running().channel());
        for (Kind kind : Kind.values()) {
            counts.put(kind, new AtomicInteger());
        }
    }

    /**
     * Runs, checks and prints the figures. Argument: number of requests, by default 24,000; a twelfth of them is
     * warm-up.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int requests = arguments.length > 0 ? Integer.parseInt(arguments[0]) : REQUESTS;
        int warmUp = (int) ((long) requests * WARM_UP / REQUESTS);
        try (LetterService service = new LetterService()) {
            SoakBenchmark benchmark = new SoakBenchmark(service);
            System.out.println("form of the service: " + service.form().title());
            System.out.printf("%10s %12s %8s%n", "requests", "resident MB", "errors");
            benchmark.runUntil(warmUp);
            double before = benchmark.sight(warmUp);
            for (int sight = 1; sight <= SIGHTS; sight++) {
                int until = warmUp + (int) ((long) (requests - warmUp) * sight / SIGHTS);
                benchmark.runUntil(until);
                benchmark.sight(until);
            }
            benchmark.print(requests, before);
        }
    }

    private double sight(int requests) throws IOException {
        double megabytes = service.running().residentMegabytes();
        System.out.printf(Locale.ROOT, "%10d %12.1f %8d%n", requests, megabytes, errors.get());
        return megabytes;
    }

    private void runUntil(int end) throws InterruptedException {
        List<Thread> clients = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            clients.add(Thread.ofVirtual().start(() -> {
                for (int index = takeBelow(end); index >= 0; index = takeBelow(end)) {
                    one(new SplittableRandom(index));
                }
            }));
        }
        for (Thread client : clients) {
            client.join();
        }
    }

    private int takeBelow(int end) {
        int index = next.getAndUpdate(value -> value < end ? value + 1 : value);
        return index < end ? index : -1;
    }

    private void one(SplittableRandom random) {
        Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
        counts.get(kind).incrementAndGet();
        String wrong;
        try {
            wrong = answer(kind, random) ? "" : "a wrong answer";
        } catch (StatusRuntimeException e) {
            wrong = e.getStatus().getCode() + ": " + e.getStatus().getDescription();
        }
        if (!wrong.isEmpty()) {
            errors.incrementAndGet();
            reasons.merge(text(kind) + ": " + wrong, 1, Integer::sum);
        }
    }

    /** Whether the response is the expected one. */
    private boolean answer(Kind kind, SplittableRandom random) {
        String prompt = "the fox ".repeat(random.nextInt(1, 40)) + random.nextInt(1000);
        int tokens = random.nextInt(1, 24);
        String wanted = LetterService.LETTER.repeat(tokens);
        GenerationOptions.Builder greedy = GenerationOptions.newBuilder()
                .setMaxTokens(tokens)
                .setSampling(Sampling.newBuilder().setTemperature(0));
        return switch (kind) {
            case GENERATE -> text(generate(prompt, greedy)).equals(wanted);
            case STREAM -> streamed(prompt, greedy).equals(wanted);
            case SAMPLE_SEVERAL -> {
                GenerateResponse response = generate(
                        prompt,
                        greedy.setN(3)
                                .setSampling(
                                        Sampling.newBuilder().setTemperature(1).setTopP(0.9f)));
                yield response.getCompletionsCount() == 3
                        && response.getCompletionsList().stream()
                                .allMatch(one -> one.getText().equals(wanted));
            }
            case LOGPROBS -> {
                GenerateResponse response = generate(
                        prompt, greedy.setLogprobs(true).setTopLogprobs(3).setPromptLogprobs(true));
                yield response.getCompletions(0).getLogprobsCount() == tokens && response.getPromptLogprobsCount() > 1;
            }
            case CONSTRAINT -> {
                Constraint digits = Constraint.newBuilder().setRegex("[0-9]{3}").build();
                yield text(generate(prompt, greedy.setMaxTokens(8).setConstraint(digits)))
                        .matches("[0-9]{3}");
            }
            case SCORE -> {
                var scores = calls.score(ScoreRequest.newBuilder()
                                .setModel(LetterService.MODEL)
                                .setPrompt(prompt)
                                .addContinuations(LetterService.LETTER)
                                .addContinuations("b")
                                .build())
                        .getScoresList();
                yield scores.get(0).getLogprob() > scores.get(1).getLogprob();
            }
            case EMBED ->
                calls.embed(EmbedRequest.newBuilder()
                                        .setModel(LetterService.MODEL)
                                        .addTexts(prompt)
                                        .build())
                                .getEmbeddings(0)
                                .getValuesCount()
                        > 1;
            case TOKENIZE ->
                calls.tokenize(TokenizeRequest.newBuilder()
                                        .setModel(LetterService.MODEL)
                                        .setText(prompt)
                                        .build())
                                .getTokensCount()
                        > 1;
            case GIVE_UP -> givenUp(prompt, greedy.setMaxTokens(1000));
            case REFUSED -> refused(prompt, greedy.setMaxTokens(-1));
        };
    }

    private GenerateResponse generate(String prompt, GenerationOptions.Builder options) {
        return calls.generate(GenerateRequest.newBuilder()
                .setModel(LetterService.MODEL)
                .setPrompt(prompt)
                .setOptions(options)
                .build());
    }

    private static String text(GenerateResponse response) {
        return response.getCompletions(0).getText();
    }

    private Iterator<GenerateStreamResponse> stream(String prompt, GenerationOptions.Builder options) {
        return calls.generateStream(GenerateStreamRequest.newBuilder()
                .setModel(LetterService.MODEL)
                .setPrompt(prompt)
                .setOptions(options)
                .build());
    }

    private String streamed(String prompt, GenerationOptions.Builder options) {
        StringBuilder text = new StringBuilder();
        stream(prompt, options).forEachRemaining(response -> text.append(response.getText()));
        return text.toString();
    }

    private boolean givenUp(String prompt, GenerationOptions.Builder options) {
        Context.CancellableContext context = Context.current().withCancellation();
        try {
            return context.call(() -> stream(prompt, options).next().getText().startsWith(LetterService.LETTER));
        } catch (StatusRuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            context.cancel(null);
        }
    }

    private boolean refused(String prompt, GenerationOptions.Builder options) {
        try {
            generate(prompt, options);
            return false;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode() == Code.INVALID_ARGUMENT;
        }
    }

    private void print(int requests, double before) throws IOException {
        counts.forEach((kind, count) -> System.out.printf("%-16s %6d%n", text(kind), count.get()));
        reasons.forEach((reason, times) -> System.out.println("error, " + times + " times: " + reason));
        int models = calls.listServedModels(ListServedModelsRequest.getDefaultInstance())
                .getModelsCount();
        System.out.printf(
                "afterwards %d models are served, %d requests are running or wait%n", models, service.requests());
        System.out.printf(
                Locale.ROOT,
                "requests=%d%nerrors=%d%nrss_growth_mb=%.1f%n",
                requests,
                errors.get(),
                service.running().residentMegabytes() - before);
    }

    private static String text(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
