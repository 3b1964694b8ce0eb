package io.rootstock.inference.generate;

import io.rootstock.chat.Turn;
import io.rootstock.inference.config.InferenceSettings;
import io.rootstock.inference.engine.Generation;
import io.rootstock.inference.engine.GenerationRequest;
import io.rootstock.inference.generate.ModelAccess.Session;
import io.rootstock.inference.metrics.ServingMetrics;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Message;
import io.rootstock.inference.v1.Tools;
import io.rootstock.service.Errors;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Generate and Chat for every way to call: checks a request, finds its model, makes its prompt and submits it. What comes
 * back is read from a {@link CompletionStream}, piece by piece or whole. Refusals are {@code StatusRuntimeException}s with
 * typed details, whose field paths are those of the gRPC requests.
 */
@Singleton
public class Completions {
    private final ModelAccess access;
    private final ServingMetrics metrics;
    private final InferenceSettings settings;

    @Inject
    Completions(ModelAccess access, ServingMetrics metrics, InferenceSettings settings) {
        this.access = access;
        this.metrics = metrics;
        this.settings = settings;
    }

    /** Continues a text; special tokens in it are plain text. */
    public CompletionStream generate(String model, String prompt, GenerationOptions options) {
        return submit(
                "text_completion",
                model,
                options,
                "prompt",
                session -> session.model().promptTokens(prompt));
    }

    /** Continues tokens, just as they are; ids that the model does not have are refused by the field {@code prompt}. */
    public CompletionStream generate(String model, int[] prompt, GenerationOptions options) {
        return submit("text_completion", model, options, "prompt", session -> {
            int size = session.model().vocabularySize();
            for (int i = 0; i < prompt.length; i++) {
                if (prompt[i] < 0 || prompt[i] >= size) {
                    throw Errors.invalidArgument(
                            "prompt[" + i + "]",
                            "must be a token of the model, 0 to " + (size - 1) + ", was " + prompt[i]);
                }
            }
            return prompt.clone();
        });
    }

    /** Answers a conversation. */
    public CompletionStream chat(String model, List<Message> messages, Tools tools, GenerationOptions options) {
        return submit("chat", model, options, "messages", session -> {
            List<Turn> turns = Conversations.turns(messages);
            return Conversations.tokens(session, turns);
        });
    }

    /** Makes a prompt's tokens with the model's tokenizer. */
    @FunctionalInterface
    private interface Prompt {
        int[] tokens(Session session);
    }

    private CompletionStream submit(
            String operation, String model, GenerationOptions asked, String promptField, Prompt prompt) {
        RequestObserver observer = new RequestObserver(metrics, operation);
        try {
            return submit(model, new CheckedOptions(asked), promptField, prompt, observer);
        } catch (RuntimeException e) {
            RuntimeException told = access.refusal(e);
            observer.failed(told);
            observer.closed();
            throw told;
        }
    }

    private CompletionStream submit(
            String model, CheckedOptions options, String promptField, Prompt prompt, RequestObserver observer) {
        Session session = access.open(model);
        try {
            GenerationRequest request = options.request(
                    session.model(),
                    prompt.tokens(session),
                    promptField,
                    Optional.empty(),
                    Optional.empty(),
                    settings.queueTimeout());
            List<Generation> generations = session.engine().submit(request);
            List<TextShaper> shapers =
                    Stream.generate(TextShaper::plain).limit(options.count()).toList();
            return new CompletionStream(access, session, options.requestId(), generations, shapers, () -> {}, observer);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }
}
