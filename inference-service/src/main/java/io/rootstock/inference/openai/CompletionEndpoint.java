package io.rootstock.inference.openai;

import io.rootstock.inference.config.InferenceSettings;
import io.rootstock.inference.generate.CompletionStream;
import io.rootstock.inference.generate.Completions;
import io.rootstock.inference.generate.Piece;
import io.rootstock.inference.generate.Tokens;
import io.rootstock.inference.generate.WholeCompletion;
import io.rootstock.inference.openai.AskedCompletion.Continued;
import io.rootstock.inference.openai.CompletionAnswer.Choice;
import io.rootstock.inference.v1.DetokenizeRequest;
import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.FinishReason;
import io.rootstock.inference.v1.GenerationOptions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/** {@code POST /v1/completions}. */
@Singleton
class CompletionEndpoint implements Endpoint {
    private final Completions completions;
    private final Tokens tokens;
    private final InferenceSettings settings;

    @Inject
    CompletionEndpoint(Completions completions, Tokens tokens, InferenceSettings settings) {
        this.completions = completions;
        this.tokens = tokens;
        this.settings = settings;
    }

    @Override
    public void answer(Fields body, FieldNames names, HttpReply reply) throws InterruptedException {
        AskedCompletion asked = AskedCompletion.read(body, names);
        int prompts = asked.prompts().size();
        if (prompts > settings.queue()) {
            throw body.refused(
                    "prompt", "must hold at most " + settings.queue() + " prompts, which can wait, holds " + prompts);
        }
        GenerationOptions options = asked.options();
        if (prompts > 1 && options.getRequestId().isEmpty()) {
            // A common request id for all prompts, by which they can be aborted.
            options = options.toBuilder()
                    .setRequestId(UUID.randomUUID().toString())
                    .build();
        }
        List<CompletionStream> streams = new ArrayList<>();
        for (int i = 0; i < prompts; i++) {
            names.put("prompt", prompts == 1 ? "prompt" : "prompt[" + i + "]");
            streams.add(reply.serves(open(asked.model(), asked.prompts().get(i), options)));
        }
        Answer answer = Answer.of("cmpl-", streams.getFirst());
        if (asked.streaming().events()) {
            List<List<Finish>> finishes =
                    Together.read(streams, (prompt, stream) -> send(asked, prompt, stream, answer, reply));
            if (asked.streaming().usage()) {
                reply.event(CompletionAnswer.of(answer, List.of(), Usage.of(finishes)));
            }
            reply.endOfEvents();
        } else {
            reply.whole(whole(asked, answer, streams));
        }
    }

    private CompletionStream open(String model, Continued prompt, GenerationOptions options) {
        return switch (prompt) {
            case AskedCompletion.Text text ->
                completions.generate(model, text.text(), text.addSpecialTokens(), options);
            case AskedCompletion.Tokens given ->
                completions.generate(
                        model,
                        given.tokens().stream().mapToInt(Integer::intValue).toArray(),
                        options);
        };
    }

    private CompletionAnswer whole(AskedCompletion asked, Answer answer, List<CompletionStream> streams)
            throws InterruptedException {
        List<List<WholeCompletion>> texts = Together.read(streams, (_, stream) -> stream.whole());
        List<Choice> choices = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            List<Continuation> continuations = continuations(asked, i, streams.get(i));
            texts.get(i)
                    .forEach(text -> choices.add(
                            asked.promptOnly()
                                    ? continuations.get(text.index()).end("", List.of(), nothingMade(text.finish()))
                                    : continuations
                                            .get(text.index())
                                            .end(text.text(), text.logprobs(), text.finish())));
        }
        List<List<Finish>> finishes = texts.stream()
                .map(of -> of.stream()
                        .map(WholeCompletion::finish)
                        .map(finish -> asked.promptOnly() ? nothingMade(finish) : finish)
                        .toList())
                .toList();
        return CompletionAnswer.of(answer, choices, Usage.of(finishes));
    }

    /** Sends the completions of one prompt as they are generated; returns their finish reasons and usage. */
    private List<Finish> send(
            AskedCompletion asked, int prompt, CompletionStream stream, Answer answer, HttpReply reply)
            throws InterruptedException {
        List<Finish> finishes = new ArrayList<>();
        List<Continuation> continuations = List.of();
        for (Optional<Piece> next = stream.next(); next.isPresent(); next = stream.next()) {
            if (continuations.isEmpty()) {
                continuations = continuations(asked, prompt, stream);
            }
            Continuation continuation = continuations.get(next.get().index());
            Choice choice = switch (next.get()) {
                case Piece.Text text ->
                    asked.promptOnly()
                            ? continuation.text("", List.of())
                            : continuation.text(text.text(), text.logprobs());
                case Piece.End end -> {
                    Finish finish = asked.promptOnly() ? nothingMade(end.finish()) : end.finish();
                    finishes.add(finish);
                    yield continuation.end("", List.of(), finish);
                }
                case Piece.Calls _ -> throw new IllegalStateException("a continuation calls no functions");
            };
            reply.event(CompletionAnswer.of(answer, List.of(choice), null));
        }
        return finishes;
    }

    /** The end of a completion of which only the prompt is returned. */
    private static Finish nothingMade(Finish finish) {
        return finish.toBuilder()
                .setReason(FinishReason.FINISH_REASON_LENGTH)
                .setCompletionTokens(0)
                .clearStop()
                .build();
    }

    /** The completions of one prompt; call it after the first piece has arrived. */
    private List<Continuation> continuations(AskedCompletion asked, int prompt, CompletionStream stream) {
        GenerationOptions options = asked.options();
        Continuation.Prompt known = new Continuation.Prompt(
                asked.echo() ? text(asked.model(), asked.prompts().get(prompt)) : "",
                asked.prompts().get(prompt) instanceof AskedCompletion.Text,
                stream.promptLogprobs(),
                asked.echo() && options.getLogprobs(),
                options.getPromptLogprobs() && !asked.echo(),
                options.getAlternatives() > 0);
        int count = Math.max(1, options.getCount());
        return IntStream.range(0, count)
                .mapToObj(index -> new Continuation(prompt * count + index, known))
                .toList();
    }

    private String text(String model, Continued prompt) {
        return switch (prompt) {
            case AskedCompletion.Text text -> text.text();
            case AskedCompletion.Tokens given ->
                tokens.detokenize(DetokenizeRequest.newBuilder()
                                .setModel(model)
                                .addAllTokens(given.tokens())
                                .build())
                        .getText();
        };
    }
}
