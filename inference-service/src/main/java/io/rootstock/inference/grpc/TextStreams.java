package io.rootstock.inference.grpc;

import io.rootstock.chat.ChatTemplate;
import io.rootstock.chat.ChatTemplateException;
import io.rootstock.chat.Turn;
import io.rootstock.inference.engine.Generation;
import io.rootstock.inference.engine.GenerationEngine;
import io.rootstock.inference.engine.GenerationRequest;
import io.rootstock.inference.engine.Output;
import io.rootstock.inference.serving.LoadedModel;
import io.rootstock.inference.v1.ChatStreamRequest;
import io.rootstock.inference.v1.ChatStreamResponse;
import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.FinishReason;
import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GenerateStreamResponse;
import io.rootstock.inference.v1.Message;
import io.rootstock.inference.v1.Sampling;
import io.rootstock.service.Errors;
import io.rootstock.service.FlowControlledStream;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Generate and Chat: a prompt becomes tokens, the engine's text becomes a flow-controlled stream. */
@ApplicationScoped
class TextStreams {
    private static final int STANDARD_TOKENS = 256;
    private static final int MOST_STOPS = 16;
    private static final int LONGEST_STOP = 256;
    private static final Set<String> ROLES = Set.of("system", "user", "assistant");

    private final ModelAccess access;
    private final InferenceMetrics metrics;

    /** For the proxy that the container makes. */
    TextStreams() {
        this(null, null);
    }

    @Inject
    TextStreams(ModelAccess access, InferenceMetrics metrics) {
        this.access = access;
        this.metrics = metrics;
    }

    void generate(GenerateStreamRequest request, FlowControlledStream<GenerateStreamResponse> stream)
            throws InterruptedException {
        Limits limits = new Limits(
                request.getOptions().getMaximumTokens(),
                request.getOptions().getSampling(),
                request.getOptions().getStopList());
        try (LoadedModel.Lease lease = access.lease(request.getModel())) {
            int[] prompt = lease.model().promptTokens(request.getPrompt());
            run(lease.model(), prompt, "prompt", limits, stream, output -> switch (output) {
                case Output.Text text ->
                    GenerateStreamResponse.newBuilder().setText(text.text()).build();
                case Output.End end ->
                    GenerateStreamResponse.newBuilder()
                            .setFinish(finish(end, lease.model()))
                            .build();
            });
        }
    }

    void chat(ChatStreamRequest request, FlowControlledStream<ChatStreamResponse> stream) throws InterruptedException {
        Limits limits = new Limits(
                request.getOptions().getMaximumTokens(),
                request.getOptions().getSampling(),
                request.getOptions().getStopList());
        List<Turn> turns = turns(request.getMessagesList());
        try (LoadedModel.Lease lease = access.lease(request.getModel())) {
            ChatTemplate template = lease.model()
                    .template()
                    .orElseThrow(() -> Errors.failedPrecondition(
                            "NO_CHAT_TEMPLATE", lease.model().version().name() + " has no chat template"));
            int[] prompt;
            try {
                prompt = lease.model().chatTokens(template, turns);
            } catch (ChatTemplateException e) {
                throw Errors.invalidArgument("messages", e.getMessage());
            }
            run(lease.model(), prompt, "messages", limits, stream, output -> switch (output) {
                case Output.Text text ->
                    ChatStreamResponse.newBuilder().setText(text.text()).build();
                case Output.End end ->
                    ChatStreamResponse.newBuilder()
                            .setFinish(finish(end, lease.model()))
                            .build();
            });
        }
    }

    /** Sends all that the engine makes; frees the slot as soon as the client is gone. */
    private <T> void run(
            LoadedModel model,
            int[] prompt,
            String field,
            Limits limits,
            FlowControlledStream<T> stream,
            Function<Output, T> response)
            throws InterruptedException {
        GenerationEngine engine = model.generation()
                .orElseThrow(() -> Errors.failedPrecondition(
                        "NOT_GENERATIVE", model.version().name() + " is a classifier; use Classify"));
        Generation generation;
        try {
            generation = engine.submit(limits.request(prompt, field, engine.contextLength()))
                    .getFirst();
        } catch (RuntimeException e) {
            throw access.refusal(e);
        }
        stream.onCancel(generation::cancel);
        try {
            Output output;
            do {
                stream.throwIfCancelled();
                output = next(generation);
                stream.send(response.apply(output));
            } while (!(output instanceof Output.End));
            metrics.finished((Output.End) output);
        } finally {
            generation.cancel();
        }
    }

    private Output next(Generation generation) throws InterruptedException {
        try {
            return generation.next();
        } catch (RuntimeException e) {
            throw access.refusal(e);
        }
    }

    private static Finish finish(Output.End end, LoadedModel model) {
        return Finish.newBuilder()
                .setReason(
                        switch (end.reason()) {
                            case END_OF_TEXT -> FinishReason.FINISH_REASON_END_OF_TEXT;
                            case STOP_STRING -> FinishReason.FINISH_REASON_STOP_STRING;
                            case LENGTH -> FinishReason.FINISH_REASON_LENGTH;
                        })
                .setPromptTokens(end.promptTokens())
                .setCompletionTokens(end.completionTokens())
                .setVersion(model.version().name())
                .setFirstTokenMilliseconds(end.firstTokenMilliseconds())
                .setTotalMilliseconds(end.totalMilliseconds())
                .build();
    }

    private static List<Turn> turns(List<Message> messages) {
        if (messages.isEmpty()) {
            throw Errors.invalidArgument("messages", "must hold at least one message");
        }
        List<Turn> turns = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            if (!ROLES.contains(message.getRole())) {
                throw Errors.invalidArgument(
                        "messages[" + i + "].role",
                        "must be system, user or assistant, was '" + message.getRole() + "'");
            }
            turns.add(new Turn(message.getRole(), message.getContent()));
        }
        return turns;
    }

    /** What bounds a generation, checked against the request's fields. */
    private record Limits(int maximumTokens, Sampling sampling, List<String> stop) {
        Limits {
            if (maximumTokens < 0) {
                throw Errors.invalidArgument("options.maximum_tokens", "must be at least 0, was " + maximumTokens);
            }
            if (stop.size() > MOST_STOPS) {
                throw Errors.invalidArgument(
                        "options.stop", "must hold at most " + MOST_STOPS + " texts, holds " + stop.size());
            }
            for (int i = 0; i < stop.size(); i++) {
                if (stop.get(i).isEmpty() || stop.get(i).length() > LONGEST_STOP) {
                    throw Errors.invalidArgument(
                            "options.stop[" + i + "]",
                            "must have 1 to " + LONGEST_STOP + " characters, has "
                                    + stop.get(i).length());
                }
            }
        }

        GenerationRequest request(int[] prompt, String promptField, int contextLength) {
            if (prompt.length >= contextLength) {
                throw Errors.invalidArgument(
                        promptField,
                        "has " + prompt.length + " tokens, which leaves no room in a context of " + contextLength);
            }
            if (maximumTokens > contextLength) {
                throw Errors.invalidArgument(
                        "options.maximum_tokens",
                        "must be 1 to the context length " + contextLength + ", was " + maximumTokens);
            }
            return GenerationRequest.of(
                            prompt, maximumTokens == 0 ? STANDARD_TOKENS : maximumTokens, Samplings.options(sampling))
                    .withStop(stop);
        }
    }
}
