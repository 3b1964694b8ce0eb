package io.rootstock.inference.openai.chat;

import io.rootstock.inference.completion.CompletionStream;
import io.rootstock.inference.completion.Completions;
import io.rootstock.inference.completion.Delta;
import io.rootstock.inference.http.Endpoint;
import io.rootstock.inference.http.FieldNames;
import io.rootstock.inference.http.Fields;
import io.rootstock.inference.http.HttpReply;
import io.rootstock.inference.openai.chat.ChatCompletionResponse.Choice;
import io.rootstock.inference.openai.chat.ChatCompletionResponse.PromptDetails;
import io.rootstock.inference.openai.generation.IgnoredKeywords;
import io.rootstock.inference.openai.generation.ResponseHeader;
import io.rootstock.inference.openai.generation.TokenDetails;
import io.rootstock.inference.openai.generation.UsageField;
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
        IgnoredKeywords.warning(stream.ignoredKeywords(), names::of).ifPresent(reply::warn);
        ResponseHeader header = ResponseHeader.of("chatcmpl-", stream);
        ChatChoices choices = new ChatChoices(TokenDetails.of(request.options()), request.oneCall(), request.legacy());
        if (request.stream().events()) {
            stream(request, header, stream, choices, reply);
        } else {
            reply.send(unary(request, header, stream, choices));
        }
    }

    private static ChatCompletionResponse unary(
            ChatCompletionRequest request, ResponseHeader header, CompletionStream stream, ChatChoices choices)
            throws InterruptedException {
        List<Choice> answers = stream.readAll().stream().map(choices::of).toList();
        return ChatCompletionResponse.unary(header, answers, choices.usage(), prompt(request, stream));
    }

    private static void stream(
            ChatCompletionRequest request,
            ResponseHeader header,
            CompletionStream stream,
            ChatChoices choices,
            HttpReply reply)
            throws InterruptedException {
        boolean first = true;
        for (Optional<Delta> next = stream.next(); next.isPresent(); next = stream.next()) {
            UsageField usage = request.stream()
                    .usageSoFar(
                            stream.promptTokenCount(),
                            stream.completionTokens(next.get().index()));
            for (Choice choice : choices.of(next.get())) {
                PromptDetails prompt = first ? prompt(request, stream) : PromptDetails.NONE;
                reply.event(ChatCompletionResponse.chunk(header, List.of(choice), usage, prompt));
                first = false;
            }
        }
        if (request.stream().usage()) {
            reply.event(ChatCompletionResponse.chunk(
                    header, List.of(), new UsageField(choices.usage()), PromptDetails.NONE));
        }
        reply.endOfEvents();
    }

    private static PromptDetails prompt(ChatCompletionRequest request, CompletionStream stream) {
        return new PromptDetails(
                stream.promptLogprobs(), request.options().getReturnTokenIds() ? stream.promptTokens() : null);
    }
}
