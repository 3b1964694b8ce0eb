package io.rootstock.inference.generate;

import io.rootstock.chat.Turn;
import io.rootstock.inference.config.InferenceSettings;
import io.rootstock.inference.engine.Adapters;
import io.rootstock.inference.engine.Generation;
import io.rootstock.inference.engine.GenerationEngine;
import io.rootstock.inference.engine.GenerationRequest;
import io.rootstock.inference.generate.ModelAccess.Session;
import io.rootstock.inference.metrics.ServingMetrics;
import io.rootstock.inference.serving.LoadedModel;
import io.rootstock.inference.v1.AdapterUse;
import io.rootstock.inference.v1.Constraint;
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
    private final Shadows shadows;

    @Inject
    Completions(ModelAccess access, ServingMetrics metrics, InferenceSettings settings, Shadows shadows) {
        this.access = access;
        this.shadows = shadows;
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
            Tokens.requireTokens(prompt, "prompt", session);
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
        // An adapter is loaded for one version; another cannot answer with it.
        boolean adapted = options.asked().hasAdapter();
        Session session = adapted ? access.open(model) : access.open(model, options.requestId());
        try {
            CompletionStream stream = submit(session, options, promptField, prompt, observer);

            if (session.part() == LoadedModel.Part.MAIN && !adapted) {
                shadows.copy(model, shadow -> request(shadow, options, promptField, prompt, Optional.empty()));
            }
            return stream;
        } catch (RuntimeException e) {
            session.close();
            if (session.part() == LoadedModel.Part.MAIN) {
                throw e;
            }
            session.failed(access.refusal(e));
        }
        // The version on trial took it not, for whatever reason: nobody shall suffer from a trial.
        Session main = access.open(model);
        try {
            return submit(main, options, promptField, prompt, observer);
        } catch (RuntimeException e) {
            main.close();
            throw e;
        }
    }

    private static Optional<String> grammar(CheckedOptions options) {
        Constraint constraint = options.asked().getConstraint();
        return switch (constraint.getKindCase()) {
            case GRAMMAR -> Optional.of(constraint.getGrammar());
            case KIND_NOT_SET -> Optional.empty();
            case JSON_OBJECT, JSON_SCHEMA, REGEX, CHOICES ->
                throw Errors.invalidArgument("options.constraint", "only a grammar is understood");
        };
    }

    private CompletionStream submit(
            Session session, CheckedOptions options, String promptField, Prompt prompt, RequestObserver observer) {
        GenerationEngine engine = session.engine();
        AdapterUse use = options.asked().getAdapter();
        Optional<Adapters.Lease> adapter = options.asked().hasAdapter()
                ? Optional.of(AdapterLeases.acquire(session, use, "options.adapter"))
                : Optional.empty();
        try {
            List<Generation> generations =
                    engine.submit(request(session, options, promptField, prompt, AdapterLeases.use(adapter, use)));
            List<TextShaper> shapers =
                    Stream.generate(TextShaper::plain).limit(options.count()).toList();
            return new CompletionStream(access, session, options.requestId(), generations, shapers, adapter, observer);
        } catch (RuntimeException e) {
            adapter.ifPresent(Adapters.Lease::close);
            throw e;
        }
    }

    private GenerationRequest request(
            Session session,
            CheckedOptions options,
            String promptField,
            Prompt prompt,
            Optional<io.rootstock.inference.engine.AdapterUse> adapter) {
        return options.request(
                session.model(),
                prompt.tokens(session),
                promptField,
                grammar(options),
                adapter,
                settings.queueTimeout());
    }
}
