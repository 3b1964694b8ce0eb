package io.rootstock.inference.openai.chat;

import io.rootstock.inference.completion.CompletionStream;
import io.rootstock.inference.completion.Completions;
import io.rootstock.inference.completion.Delta;
import io.rootstock.inference.completion.UnaryCompletion;
import io.rootstock.inference.openai.chat.ChatCompletionResponse.Call;
import io.rootstock.inference.openai.chat.ChatCompletionResponse.Choice;
import io.rootstock.inference.openai.chat.ChatCompletionResponse.Logprobs;
import io.rootstock.inference.openai.chat.ChatCompletionResponse.Message;
import io.rootstock.inference.openai.generation.ResponseHeader;
import io.rootstock.inference.openai.generation.Usage;
import io.rootstock.inference.openai.http.Endpoint;
import io.rootstock.inference.openai.http.FieldNames;
import io.rootstock.inference.openai.http.Fields;
import io.rootstock.inference.openai.http.HttpReply;
import io.rootstock.inference.v1.TokenLogprob;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/** {@code POST /v1/chat/completions}. */
@ApplicationScoped
public class ChatCompletionEndpoint implements Endpoint {
    private final Completions completions;

    @Inject
    ChatCompletionEndpoint(Completions completions) {
        this.completions = completions;
    }

    @Override
    public void answer(Fields body, FieldNames names, HttpReply reply) throws InterruptedException {
        ChatCompletionRequest request = ChatCompletionRequest.read(body, names);
        CompletionStream stream = reply.serves(completions.chat(
                request.model(), request.messages(), request.tools(), request.options(), request.variables()));
        ResponseHeader header = ResponseHeader.of("chatcmpl-", stream);
        if (request.stream().events()) {
            stream(request, header, stream, reply);
        } else {
            reply.send(unary(request, header, stream));
        }
    }

    private static ChatCompletionResponse unary(
            ChatCompletionRequest request, ResponseHeader header, CompletionStream stream) throws InterruptedException {
        List<UnaryCompletion> answers = stream.readAll();
        List<Choice> choices = answers.stream()
                .map(answer -> choice(answer, request.oneCall()))
                .toList();
        Usage usage =
                Usage.of(List.of(answers.stream().map(UnaryCompletion::finish).toList()));
        return ChatCompletionResponse.unary(header, choices, usage, stream.promptLogprobs());
    }

    private static Choice choice(UnaryCompletion completion, boolean oneCall) {
        List<Call> calls = completion.calls().stream()
                .limit(oneCall ? 1 : Long.MAX_VALUE)
                .map(call -> ChatDeltas.call(null, call))
                .toList();
        boolean silent = completion.text().isEmpty() && !calls.isEmpty();
        return new Choice(
                completion.index(),
                new Message("assistant", silent ? null : completion.text(), calls.isEmpty() ? null : calls),
                null,
                Logprobs.ofRequested(completion.logprobs()),
                ResponseHeader.finishReason(completion.finish()),
                ResponseHeader.stopReason(completion.finish()));
    }

    private static void stream(
            ChatCompletionRequest request, ResponseHeader header, CompletionStream stream, HttpReply reply)
            throws InterruptedException {
        ChatDeltas events = new ChatDeltas(request.oneCall());
        boolean first = true;
        for (Optional<Delta> next = stream.next(); next.isPresent(); next = stream.next()) {
            for (Choice choice : events.of(next.get())) {
                List<TokenLogprob> prompt = first ? stream.promptLogprobs() : List.of();
                reply.event(ChatCompletionResponse.chunk(header, List.of(choice), null, prompt));
                first = false;
            }
        }
        if (request.stream().usage()) {
            reply.event(ChatCompletionResponse.chunk(header, List.of(), events.usage(), List.of()));
        }
        reply.endOfEvents();
    }
}
