package io.rootstock.inference.openai.completion;

import io.rootstock.inference.completion.CompletionStream;
import io.rootstock.inference.completion.Completions;
import io.rootstock.inference.completion.Delta;
import io.rootstock.inference.completion.ParallelStreams;
import io.rootstock.inference.completion.UnaryCompletion;
import io.rootstock.inference.config.InferenceSettings;
import io.rootstock.inference.http.Endpoint;
import io.rootstock.inference.http.FieldNames;
import io.rootstock.inference.http.Fields;
import io.rootstock.inference.http.HttpReply;
import io.rootstock.inference.openai.completion.CompletionRequest.RequestPrompt;
import io.rootstock.inference.openai.completion.CompletionResponse.Choice;
import io.rootstock.inference.openai.generation.IgnoredKeywords;
import io.rootstock.inference.openai.generation.ResponseHeader;
import io.rootstock.inference.openai.generation.TokenDetails;
import io.rootstock.inference.openai.generation.Usage;
import io.rootstock.inference.openai.generation.UsageField;
import io.rootstock.inference.session.Tokenization;
import io.rootstock.inference.v1.DetokenizeRequest;
import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.FinishReason;
import io.rootstock.inference.v1.GenerationOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/** {@code POST /v1/completions}. */
@ApplicationScoped
public class CompletionEndpoint implements Endpoint {
    private final Completions completions;
    private final Tokenization tokens;
    private final InferenceSettings settings;

    @Inject
    CompletionEndpoint(Completions completions, Tokenization tokens, InferenceSettings settings) {
        this.completions = completions;
        this.tokens = tokens;
        this.settings = settings;
    }

    @Override
    public void answer(Fields body, FieldNames names, HttpReply reply) throws InterruptedException {
        CompletionRequest request = CompletionRequest.read(body, names);
        int prompts = request.prompts().size();
        if (prompts > settings.queue()) {
            throw body.refused(
                    "prompt", "must hold at most " + settings.queue() + " prompts, which can wait, holds " + prompts);
        }
        GenerationOptions options = request.options();
        if (prompts > 1 && options.getRequestId().isEmpty()) {
            // A common request id for all prompts, by which they can be aborted.
            options = options.toBuilder()
                    .setRequestId(UUID.randomUUID().toString())
                    .build();
        }
        List<CompletionStream> streams = new ArrayList<>();
        for (int i = 0; i < prompts; i++) {
            names.put("prompt", prompts == 1 ? "prompt" : "prompt[" + i + "]");
            streams.add(reply.serves(open(request.model(), request.prompts().get(i), options)));
        }
        IgnoredKeywords.warning(streams.getFirst().ignoredKeywords(), names::of).ifPresent(reply::warn);
        ResponseHeader header = ResponseHeader.of("cmpl-", streams.getFirst());
        if (request.stream().events()) {
            List<List<Finish>> finishes =
                    ParallelStreams.read(streams, (prompt, stream) -> send(request, prompt, stream, header, reply));
            if (request.stream().usage()) {
                reply.event(CompletionResponse.of(header, List.of(), new UsageField(Usage.of(finishes))));
            }
            reply.endOfEvents();
        } else {
            reply.send(unary(request, header, streams));
        }
    }

    private CompletionStream open(String model, RequestPrompt prompt, GenerationOptions options) {
        return switch (prompt) {
            case CompletionRequest.Text text ->
                completions.generate(model, text.text(), text.addSpecialTokens(), options);
            case CompletionRequest.Tokens given ->
                completions.generate(
                        model,
                        given.tokens().stream().mapToInt(Integer::intValue).toArray(),
                        options);
            case CompletionRequest.Beginning _ -> completions.generate(model, options);
        };
    }

    private CompletionResponse unary(CompletionRequest request, ResponseHeader header, List<CompletionStream> streams)
            throws InterruptedException {
        List<List<UnaryCompletion>> answers = ParallelStreams.read(streams, (_, stream) -> stream.readAll());
        List<Choice> choices = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            List<CompletionChoices> continuations = continuations(request, i, streams.get(i));
            answers.get(i)
                    .forEach(text -> choices.add(
                            request.promptOnly()
                                    ? continuations
                                            .get(text.index())
                                            .end("", List.of(), withoutCompletion(text.finish()))
                                    : continuations
                                            .get(text.index())
                                            .end(text.text(), text.logprobs(), text.finish())));
        }
        List<List<Finish>> finishes = answers.stream()
                .map(of -> of.stream()
                        .map(UnaryCompletion::finish)
                        .map(finish -> request.promptOnly() ? withoutCompletion(finish) : finish)
                        .toList())
                .toList();
        return CompletionResponse.of(header, choices, new UsageField(Usage.of(finishes)));
    }

    /** Sends the completions of one prompt as they are generated; returns their finish reasons and usage. */
    private List<Finish> send(
            CompletionRequest request, int prompt, CompletionStream stream, ResponseHeader header, HttpReply reply)
            throws InterruptedException {
        List<Finish> finishes = new ArrayList<>();
        List<CompletionChoices> continuations = List.of();
        for (Optional<Delta> next = stream.next(); next.isPresent(); next = stream.next()) {
            if (continuations.isEmpty()) {
                continuations = continuations(request, prompt, stream);
            }
            CompletionChoices continuation = continuations.get(next.get().index());
            Choice choice = switch (next.get()) {
                case Delta.Text text ->
                    request.promptOnly()
                            ? continuation.text("", List.of())
                            : continuation.text(text.text(), text.logprobs());
                case Delta.End end -> {
                    Finish finish = request.promptOnly() ? withoutCompletion(end.finish()) : end.finish();
                    finishes.add(finish);
                    yield continuation.end("", List.of(), finish);
                }
                case Delta.Calls _ -> throw new IllegalStateException("a continuation calls no functions");
            };
            int made = request.promptOnly()
                    ? 0
                    : stream.completionTokens(next.get().index());
            reply.event(CompletionResponse.of(
                    header, List.of(choice), request.stream().usageSoFar(stream.promptTokenCount(), made)));
        }
        return finishes;
    }

    /** The end of a completion of which only the prompt is returned. */
    private static Finish withoutCompletion(Finish finish) {
        return finish.toBuilder()
                .setReason(FinishReason.FINISH_REASON_LENGTH)
                .setCompletionTokens(0)
                .clearStop()
                .build();
    }

    /** The completions of one prompt; call it after the first delta has arrived. */
    private List<CompletionChoices> continuations(CompletionRequest request, int prompt, CompletionStream stream) {
        GenerationOptions options = request.options();
        CompletionChoices.Prompt known = new CompletionChoices.Prompt(
                request.echo() ? text(request.model(), request.prompts().get(prompt)) : "",
                request.prompts().get(prompt) instanceof CompletionRequest.Text,
                stream.promptLogprobs(),
                request.echo() && options.getLogprobs(),
                options.getPromptLogprobs() && !request.echo(),
                options.getTopLogprobs() > 0,
                options.getReturnTokenIds() ? stream.promptTokens() : null,
                TokenDetails.of(options));
        int count = Math.max(1, options.getN());
        return IntStream.range(0, count)
                .mapToObj(index -> new CompletionChoices(prompt * count + index, known))
                .toList();
    }

    private String text(String model, RequestPrompt prompt) {
        return switch (prompt) {
            case CompletionRequest.Text text -> text.text();
            case CompletionRequest.Tokens given ->
                tokens.detokenize(DetokenizeRequest.newBuilder()
                                .setModel(model)
                                .addAllTokens(given.tokens())
                                .build())
                        .getText();
            case CompletionRequest.Beginning _ -> "";
        };
    }
}
