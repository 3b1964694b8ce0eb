package io.rootstock.inference.grpc;

import io.rootstock.inference.completion.CompletionStream;
import io.rootstock.inference.completion.Completions;
import io.rootstock.inference.completion.Delta;
import io.rootstock.inference.v1.Answer;
import io.rootstock.inference.v1.ChatRequest;
import io.rootstock.inference.v1.ChatResponse;
import io.rootstock.inference.v1.ChatStreamRequest;
import io.rootstock.inference.v1.ChatStreamResponse;
import io.rootstock.inference.v1.Completion;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.GenerateResponse;
import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GenerateStreamResponse;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Message;
import io.rootstock.service.FlowControlledStream;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/**
 * Generate and Chat, unary and streamed: converts deltas to messages; a client that disconnects cancels its request.
 */
@ApplicationScoped
class CompletionRpcs {
    private final Completions completions;

    @Inject
    CompletionRpcs(Completions completions) {
        this.completions = completions;
    }

    void generate(GenerateRequest request, FlowControlledStream<GenerateResponse> answer) throws InterruptedException {
        try (CompletionStream stream = completions.generate(
                request.getModel(),
                request.getPrompt(),
                !request.hasAddSpecialTokens() || request.getAddSpecialTokens(),
                request.getOptions())) {
            connect(stream, answer);
            GenerateResponse.Builder response = GenerateResponse.newBuilder();
            stream.readAll()
                    .forEach(text -> response.addCompletions(Completion.newBuilder()
                            .setIndex(text.index())
                            .setText(text.text())
                            .addAllLogprobs(text.logprobs())
                            .setFinish(text.finish())));
            answer.send(response.addAllPromptLogprobs(stream.promptLogprobs())
                    .addAllPromptTokenIds(promptTokens(request.getOptions(), stream))
                    .build());
        }
    }

    void chat(ChatRequest request, FlowControlledStream<ChatResponse> answer) throws InterruptedException {
        try (CompletionStream stream = completions.chat(
                request.getModel(), request.getMessagesList(), request.getTools(), request.getOptions())) {
            connect(stream, answer);
            ChatResponse.Builder response = ChatResponse.newBuilder();
            stream.readAll()
                    .forEach(text -> response.addAnswers(Answer.newBuilder()
                            .setIndex(text.index())
                            .setMessage(Message.newBuilder()
                                    .setRole("assistant")
                                    .setContent(text.text())
                                    .addAllToolCalls(text.calls()))
                            .addAllLogprobs(text.logprobs())
                            .setFinish(text.finish())));
            answer.send(response.addAllPromptLogprobs(stream.promptLogprobs())
                    .addAllPromptTokenIds(promptTokens(request.getOptions(), stream))
                    .build());
        }
    }

    void generate(GenerateStreamRequest request, FlowControlledStream<GenerateStreamResponse> answer)
            throws InterruptedException {
        try (CompletionStream stream = completions.generate(
                request.getModel(),
                request.getPrompt(),
                !request.hasAddSpecialTokens() || request.getAddSpecialTokens(),
                request.getOptions())) {
            connect(stream, answer);
            boolean first = true;
            for (Optional<Delta> next = stream.next(); next.isPresent(); next = stream.next()) {
                GenerateStreamResponse.Builder response =
                        GenerateStreamResponse.newBuilder().setIndex(next.get().index());
                switch (next.get()) {
                    case Delta.Text text -> response.setText(text.text()).addAllLogprobs(text.logprobs());
                    case Delta.Calls _ -> throw new IllegalStateException("a continuation calls no functions");
                    case Delta.End end -> response.setFinish(end.finish());
                }
                if (first) {
                    response.addAllPromptLogprobs(stream.promptLogprobs())
                            .addAllPromptTokenIds(promptTokens(request.getOptions(), stream));
                    first = false;
                }
                answer.send(response.build());
            }
        }
    }

    void chat(ChatStreamRequest request, FlowControlledStream<ChatStreamResponse> answer) throws InterruptedException {
        try (CompletionStream stream = completions.chat(
                request.getModel(), request.getMessagesList(), request.getTools(), request.getOptions())) {
            connect(stream, answer);
            boolean first = true;
            for (Optional<Delta> next = stream.next(); next.isPresent(); next = stream.next()) {
                ChatStreamResponse.Builder response =
                        ChatStreamResponse.newBuilder().setIndex(next.get().index());
                switch (next.get()) {
                    case Delta.Text text -> response.setText(text.text()).addAllLogprobs(text.logprobs());
                    case Delta.Calls calls -> response.addAllToolCalls(calls.calls());
                    case Delta.End end -> response.setFinish(end.finish());
                }
                if (first) {
                    response.addAllPromptLogprobs(stream.promptLogprobs())
                            .addAllPromptTokenIds(promptTokens(request.getOptions(), stream));
                    first = false;
                }
                answer.send(response.build());
            }
        }
    }

    private static List<Integer> promptTokens(GenerationOptions options, CompletionStream stream) {
        return options.getReturnTokenIds() ? stream.promptTokens() : List.of();
    }

    /** A disconnected client cancels the request; a request that ends does not wait for a slow client. */
    private static void connect(CompletionStream stream, FlowControlledStream<?> answer) {
        answer.onCancel(stream::cancel);
        stream.whenStopped(answer::stop);
    }
}
