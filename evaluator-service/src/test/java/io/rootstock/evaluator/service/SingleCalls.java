package io.rootstock.evaluator.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.evaluation.task.request.GenerateRequest;
import io.rootstock.evaluation.task.request.LoglikelihoodRequest;
import io.rootstock.evaluation.task.request.RenderedRow;
import io.rootstock.evaluation.task.request.Request;
import io.rootstock.evaluation.task.request.RollingRequest;
import io.rootstock.evaluation.task.score.Response;
import io.rootstock.evaluation.task.score.RowRecord;
import io.rootstock.evaluation.task.suite.FolderFiles;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluator.TestEngines;
import io.rootstock.evaluator.TestModels;
import io.rootstock.evaluator.TestSuite;
import io.rootstock.evaluator.engine.Engine;
import io.rootstock.evaluator.suite.EvaluatedTask;
import io.rootstock.evaluator.suite.SelectedTasks;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Sampling;
import io.rootstock.inference.v1.Score;
import io.rootstock.inference.v1.ScoreRequest;
import io.rootstock.inference.v1.TokenSequence;
import io.rootstock.llama.TinyModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Records of a suite, each request in a call of its own, one after the other; tokens of CORE rows are the bytes. */
final class SingleCalls {
    private final Engine engine;

    private SingleCalls(Engine engine) {
        this.engine = engine;
    }

    /** Scores all rows with an inference service of its own. */
    static List<RowRecord> records(Path home, Path scratch, int registryPort, TestSuite suite)
            throws IOException, InterruptedException {
        try (Engine engine =
                TestEngines.start(TestEngines.command(home, registryPort), scratch.resolve("single-calls"))) {
            SingleCalls calls = new SingleCalls(engine);
            List<RowRecord> records = new ArrayList<>();
            for (EvaluatedTask task :
                    SelectedTasks.of(new FolderFiles(suite.folder()), EvaluationSpec.getDefaultInstance())) {
                for (Iterator<RenderedRow> rows = task.rows(); rows.hasNext(); ) {
                    RenderedRow row = rows.next();
                    records.add(task.scorer().score(row, calls.responses(task, row)));
                }
            }
            return records;
        }
    }

    private List<Response> responses(EvaluatedTask task, RenderedRow row) throws InterruptedException {
        List<Response> responses = new ArrayList<>();
        for (Request request : row.requests()) {
            responses.add(
                    switch (request) {
                        case LoglikelihoodRequest(String context, String continuation) ->
                            loglikelihood(
                                    switch (task.form()) {
                                        case TEXTS ->
                                            request().setPrompt(context).addContinuations(continuation);
                                        case CORE_MULTIPLE_CHOICE -> tokens(context + continuation, common(row, false));
                                        case CORE_SCHEMA -> {
                                            String text = context + continuation;
                                            yield tokens(text, text.length() - common(row, true));
                                        }
                                    });
                        case RollingRequest(String text) ->
                            new Response.Rolling(
                                    text.isEmpty()
                                            ? 0
                                            : score(request().setRolling(true).addContinuations(text))
                                                    .getLogprob());
                        case GenerateRequest(String context, List<String> until, int maxTokens) ->
                            new Response.Generated(generated(context, until, maxTokens));
                    });
        }
        return responses;
    }

    /** Number of characters that the row's texts have in common at their beginning or end. */
    private static int common(RenderedRow row, boolean atEnd) {
        List<String> texts = row.requests().stream()
                .map(LoglikelihoodRequest.class::cast)
                .map(request -> request.context() + request.continuation())
                .map(text -> atEnd ? new StringBuilder(text).reverse().toString() : text)
                .toList();
        int common = 0;
        while (true) {
            int at = common;
            if (texts.stream()
                    .anyMatch(text -> at >= text.length()
                            || text.charAt(at) != texts.getFirst().charAt(at))) {
                return common;
            }
            common++;
        }
    }

    private static ScoreRequest.Builder tokens(String text, int before) {
        return request()
                .setPromptTokens(append(
                        TokenSequence.newBuilder().addTokens(TinyModel.BEGIN_OF_TEXT), text.substring(0, before)))
                .addContinuationTokens(append(TokenSequence.newBuilder(), text.substring(before)));
    }

    private static TokenSequence.Builder append(TokenSequence.Builder sequence, String text) {
        for (byte next : text.getBytes(StandardCharsets.UTF_8)) {
            sequence.addTokens(TinyModel.token(next));
        }
        return sequence;
    }

    private static ScoreRequest.Builder request() {
        return ScoreRequest.newBuilder().setModel(TestModels.VERSION);
    }

    private Score score(ScoreRequest.Builder request) throws InterruptedException {
        return engine.call(calls -> calls.score(request.build())).getScores(0);
    }

    private Response loglikelihood(ScoreRequest.Builder request) throws InterruptedException {
        Score score = score(request);
        return new Response.Loglikelihood(score.getLogprob(), score.getGreedy(), score.getTokens());
    }

    private String generated(String context, List<String> until, int maxTokens) throws InterruptedException {
        io.rootstock.inference.v1.GenerateRequest request = io.rootstock.inference.v1.GenerateRequest.newBuilder()
                .setModel(TestModels.VERSION)
                .setPrompt(context)
                .setOptions(GenerationOptions.newBuilder()
                        .setMaxTokens(maxTokens)
                        .addAllStop(until)
                        .setSampling(Sampling.newBuilder().setTemperature(0)))
                .build();
        return engine.call(calls -> calls.generate(request)).getCompletions(0).getText();
    }

    /** Compares two records of a row; log-probabilities may differ by {@code near} nats. */
    static void assertNear(RowRecord actual, RowRecord expected, double near) {
        assertThat(actual.task()).isEqualTo(expected.task());
        assertThat(actual.row()).isEqualTo(expected.row());
        assertThat(actual.line()).isEqualTo(expected.line());
        assertThat(actual.expected()).isEqualTo(expected.expected());
        assertThat(actual.responses()).hasSameSizeAs(expected.responses());
        for (int i = 0; i < expected.responses().size(); i++) {
            Response response = actual.responses().get(i);
            switch (expected.responses().get(i)) {
                case Response.Loglikelihood(double logprob, boolean greedy, int tokens) ->
                    assertThat(response).isInstanceOfSatisfying(Response.Loglikelihood.class, other -> {
                        assertThat(other.logprob()).as(actual.task()).isCloseTo(logprob, within(near));
                        assertThat(other.greedy()).isEqualTo(greedy);
                        assertThat(other.tokens()).isEqualTo(tokens);
                    });
                case Response.Rolling(double logprob) ->
                    assertThat(response)
                            .isInstanceOfSatisfying(
                                    Response.Rolling.class,
                                    other -> assertThat(other.logprob()).isCloseTo(logprob, within(near)));
                case Response.Generated(String text) -> assertThat(response).isEqualTo(new Response.Generated(text));
            }
        }
    }
}
