package io.rootstock.evaluator.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.evaluation.task.request.ChatGenerateRequest;
import io.rootstock.evaluation.task.request.ChatLoglikelihoodRequest;
import io.rootstock.evaluation.task.request.ChatMessage;
import io.rootstock.evaluation.task.request.ClassifyRequest;
import io.rootstock.evaluation.task.request.GenerateRequest;
import io.rootstock.evaluation.task.request.LoglikelihoodRequest;
import io.rootstock.evaluation.task.request.PromptFormat;
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
import io.rootstock.inference.v1.Completion;
import io.rootstock.inference.v1.FinishReason;
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
import java.util.Optional;

/** Records of a suite, each request in a call of its own, one after the other; tokens of CORE rows are the bytes. */
final class SingleCalls {
    private final Engine engine;

    private SingleCalls(Engine engine) {
        this.engine = engine;
    }

    /** Scores all rows with an inference service of its own. */
    static List<RowRecord> records(Path home, Path scratch, int registryPort, TestSuite suite)
            throws IOException, InterruptedException {
        return records(home, scratch, registryPort, suite, EvaluationSpec.getDefaultInstance(), PromptFormat.PLAIN);
    }

    static List<RowRecord> records(
            Path home, Path scratch, int registryPort, TestSuite suite, EvaluationSpec spec, PromptFormat format)
            throws IOException, InterruptedException {
        try (Engine engine =
                TestEngines.start(TestEngines.command(home, registryPort), scratch.resolve("single-calls"))) {
            SingleCalls calls = new SingleCalls(engine);
            List<RowRecord> records = new ArrayList<>();
            for (EvaluatedTask task : SelectedTasks.of(new FolderFiles(suite.folder()), spec, format)) {
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
                            generated(context, until, maxTokens);
                        case ChatLoglikelihoodRequest(List<ChatMessage> messages, String continuation) ->
                            loglikelihood(chat(messages, continuation));
                        case ChatGenerateRequest(List<ChatMessage> messages, List<String> until, int maxTokens) ->
                            generated(text(messages) + "assistant\n", until, maxTokens);
                        case ClassifyRequest _ -> throw new AssertionError("not a classifier");
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

    /** The conversation as the model's template writes it, up to the role of the answer. */
    private static String text(List<ChatMessage> messages) {
        StringBuilder text = new StringBuilder("<|begin_of_text|>");
        messages.forEach(message -> text.append("<|im_start|>")
                .append(message.role())
                .append('\n')
                .append(message.content())
                .append("<|im_end|>\n"));
        return text.append("<|im_start|>").toString();
    }

    /** The answer's header ends with white space, which belongs to the continuation. */
    private static ScoreRequest.Builder chat(List<ChatMessage> messages, String continuation) {
        TokenSequence.Builder prompt = TokenSequence.newBuilder();
        String rest = text(messages) + "assistant";
        while (!rest.isEmpty()) {
            String text = rest;
            Optional<String> special =
                    TinyModel.SPECIAL.stream().filter(text::startsWith).findFirst();
            if (special.isPresent()) {
                prompt.addTokens(256 + TinyModel.SPECIAL.indexOf(special.get()));
            } else {
                append(prompt, text.substring(0, 1));
            }
            rest = text.substring(special.map(String::length).orElse(1));
        }
        return request()
                .setPromptTokens(prompt)
                .addContinuationTokens(append(TokenSequence.newBuilder(), "\n" + continuation));
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

    private Response generated(String context, List<String> until, int maxTokens) throws InterruptedException {
        io.rootstock.inference.v1.GenerateRequest request = io.rootstock.inference.v1.GenerateRequest.newBuilder()
                .setModel(TestModels.VERSION)
                .setPrompt(context)
                .setOptions(GenerationOptions.newBuilder()
                        .setMaxTokens(maxTokens)
                        .addAllStop(until)
                        .setSampling(Sampling.newBuilder().setTemperature(0)))
                .build();
        Completion completion = engine.call(calls -> calls.generate(request)).getCompletions(0);
        return new Response.Generated(
                completion.getText(),
                completion.getFinish().getCompletionTokens() == maxTokens
                                && completion.getFinish().getReason() == FinishReason.FINISH_REASON_LENGTH
                        ? Response.Ending.LIMIT
                        : Response.Ending.BY_ITSELF);
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
                case Response.Generated generated -> assertThat(response).isEqualTo(generated);
            }
        }
    }
}
