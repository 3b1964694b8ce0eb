package io.rootstock.inference.openai;

import io.rootstock.inference.generate.CompletionStream;
import io.rootstock.inference.generate.Completions;
import io.rootstock.inference.generate.Piece;
import io.rootstock.inference.generate.WholeCompletion;
import io.rootstock.inference.openai.ChatAnswer.Call;
import io.rootstock.inference.openai.ChatAnswer.Choice;
import io.rootstock.inference.openai.ChatAnswer.Logprobs;
import io.rootstock.inference.openai.ChatAnswer.Turn;
import io.rootstock.inference.v1.TokenLogprob;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** {@code POST /v1/chat/completions}. */
@Singleton
class ChatEndpoint implements Endpoint {
    private final Completions completions;

    @Inject
    ChatEndpoint(Completions completions) {
        this.completions = completions;
    }

    @Override
    public void answer(Fields body, FieldNames names, HttpReply reply) throws InterruptedException {
        AskedChat asked = AskedChat.read(body, names);
        CompletionStream stream = reply.serves(
                completions.chat(asked.model(), asked.messages(), asked.tools(), asked.options(), asked.variables()));
        Answer answer = Answer.of("chatcmpl-", stream);
        if (asked.streaming().events()) {
            stream(asked, answer, stream, reply);
        } else {
            reply.whole(whole(asked, answer, stream));
        }
    }

    private static ChatAnswer whole(AskedChat asked, Answer answer, CompletionStream stream)
            throws InterruptedException {
        List<WholeCompletion> texts = stream.whole();
        List<Choice> choices =
                texts.stream().map(text -> choice(text, asked.oneCall())).toList();
        Usage usage =
                Usage.of(List.of(texts.stream().map(WholeCompletion::finish).toList()));
        return ChatAnswer.whole(answer, choices, usage, stream.promptLogprobs());
    }

    private static Choice choice(WholeCompletion text, boolean oneCall) {
        List<Call> calls = text.calls().stream()
                .limit(oneCall ? 1 : Long.MAX_VALUE)
                .map(call -> ChatEvents.call(null, call))
                .toList();
        boolean silent = text.text().isEmpty() && !calls.isEmpty();
        return new Choice(
                text.index(),
                new Turn("assistant", silent ? null : text.text(), calls.isEmpty() ? null : calls),
                null,
                Logprobs.ofAsked(text.logprobs()),
                Answer.finishReason(text.finish()),
                Answer.stopReason(text.finish()));
    }

    private static void stream(AskedChat asked, Answer answer, CompletionStream stream, HttpReply reply)
            throws InterruptedException {
        ChatEvents events = new ChatEvents(asked.oneCall());
        boolean first = true;
        for (Optional<Piece> next = stream.next(); next.isPresent(); next = stream.next()) {
            for (Choice choice : events.of(next.get())) {
                List<TokenLogprob> prompt = first ? stream.promptLogprobs() : List.of();
                reply.event(ChatAnswer.piece(answer, List.of(choice), null, prompt));
                first = false;
            }
        }
        if (asked.streaming().usage()) {
            reply.event(ChatAnswer.piece(answer, List.of(), events.usage(), List.of()));
        }
        reply.endOfEvents();
    }
}
