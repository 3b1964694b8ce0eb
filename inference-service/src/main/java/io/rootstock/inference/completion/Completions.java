package io.rootstock.inference.completion;

import io.rootstock.inference.adapter.AdapterLeases;
import io.rootstock.inference.canary.TextComparison;
import io.rootstock.inference.config.InferenceSettings;
import io.rootstock.inference.engine.adapter.Adapters;
import io.rootstock.inference.engine.scheduling.Generation;
import io.rootstock.inference.engine.scheduling.GenerationEngine;
import io.rootstock.inference.engine.scheduling.GenerationRequest;
import io.rootstock.inference.model.ModelLease;
import io.rootstock.inference.session.EngineErrors;
import io.rootstock.inference.session.ModelAccess;
import io.rootstock.inference.session.RequestObserver;
import io.rootstock.inference.session.RequestObservers;
import io.rootstock.inference.session.Session;
import io.rootstock.inference.session.Shadows;
import io.rootstock.inference.session.Tokenization;
import io.rootstock.inference.v1.AdapterUse;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Message;
import io.rootstock.inference.v1.Tools;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Generate and Chat for all protocols: validates a request, finds its model, creates its prompt and submits it. The
 * result is a {@link CompletionStream}. Errors are {@code StatusRuntimeException}s with typed details, whose field
 * paths are those of the gRPC requests.
 */
@ApplicationScoped
public class Completions {
    private final ModelAccess access;
    private final RequestObservers observers;
    private final InferenceSettings settings;
    private final Shadows shadows;

    @Inject
    Completions(ModelAccess access, RequestObservers observers, InferenceSettings settings, Shadows shadows) {
        this.access = access;
        this.shadows = shadows;
        this.observers = observers;
        this.settings = settings;
    }

    /**
     * Continues a text; special tokens in it are parsed.
     *
     * @param addSpecialTokens add the tokens that the tokenizer's special token rule puts before a text
     */
    public CompletionStream generate(String model, String prompt, boolean addSpecialTokens, GenerationOptions options) {
        return submit("text_completion", model, options, "prompt", session -> {
            int[] tokens = session.model().tokenizer().promptTokens(prompt, addSpecialTokens);
            Tokenization.requireNotEmpty(tokens, "prompt", session);
            return Prompt.of(tokens, options.getConstraint());
        });
    }

    /** Generates a text from its beginning: the prompt is BOS, or the end-of-text token if the tokenizer adds no BOS. */
    public CompletionStream generate(String model, GenerationOptions options) {
        return submit(
                "text_completion",
                model,
                options,
                "prompt",
                session -> Prompt.of(session.model().tokenizer().beginning(), options.getConstraint()));
    }

    /** Continues tokens; ids outside the model's vocabulary are rejected with the field {@code prompt}. */
    public CompletionStream generate(String model, int[] prompt, GenerationOptions options) {
        return submit("text_completion", model, options, "prompt", session -> {
            Tokenization.requireTokens(prompt, "prompt", session);
            return Prompt.of(prompt.clone(), options.getConstraint());
        });
    }

    /** Answers a conversation. */
    public CompletionStream chat(String model, List<Message> messages, Tools tools, GenerationOptions options) {
        return chat(model, messages, tools, options, Map.of());
    }

    /**
     * Answers a conversation.
     *
     * @param variables additional variables of the chat template, such as {@code enable_thinking}
     */
    public CompletionStream chat(
            String model,
            List<Message> messages,
            Tools tools,
            GenerationOptions options,
            Map<String, Object> variables) {
        return submit(
                "chat",
                model,
                options,
                "messages",
                session -> Prompt.of(session, messages, tools, variables, options.getConstraint()));
    }

    private CompletionStream submit(
            String operation, String model, GenerationOptions asked, String promptField, Prompt.Maker maker) {
        RequestObserver observer = observers.begin(operation, model);
        observer.asked(asked);
        try {
            return submit(model, new CheckedOptions(asked), promptField, maker, observer);
        } catch (RuntimeException e) {
            RuntimeException told = EngineErrors.of(e);
            observer.failed(told);
            observer.closed();
            throw told;
        }
    }

    private CompletionStream submit(
            String model, CheckedOptions options, String promptField, Prompt.Maker maker, RequestObserver observer) {
        // An adapter is loaded for one version, so the request must be answered by that version.
        boolean adapted = options.asked().hasAdapter();
        Session session = adapted ? access.open(model) : access.open(model, options.requestId());
        Supplier<Attempt> byMain = () -> opened(access.open(model), options, promptField, maker);
        if (session.role() == ModelLease.Role.CANARY) {
            Attempt attempt;
            try {
                attempt = submit(session, options, promptField, maker);
            } catch (RuntimeException e) {
                session.close();
                RuntimeException told = EngineErrors.of(e);
                session.failed(told);
                // The canary rejected the request for whatever reason: the version of the alias answers it.
                Attempt main = byMain.get();
                session.answeredByMain(told);
                return new CompletionStream(main, options.requestId(), observer, Optional.empty());
            }
            return new CompletionStream(attempt, options.requestId(), observer, Optional.of(byMain));
        }
        Attempt attempt = opened(session, options, promptField, maker);
        Optional<TextComparison> comparison = adapted
                ? Optional.empty()
                : shadows.copyText(
                        model,
                        shadow -> request(shadow, options, promptField, maker.make(shadow), Optional.empty()),
                        options.isDeterministic());
        return new CompletionStream(attempt.comparedBy(comparison), options.requestId(), observer, Optional.empty());
    }

    /** Submits a request; closes the session if it is rejected. */
    private Attempt opened(Session session, CheckedOptions options, String promptField, Prompt.Maker maker) {
        try {
            return submit(session, options, promptField, maker);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private Attempt submit(Session session, CheckedOptions options, String promptField, Prompt.Maker maker) {
        GenerationEngine engine = session.engine();
        AdapterUse use = options.asked().getAdapter();
        Optional<Adapters.Lease> adapter = options.asked().hasAdapter()
                ? Optional.of(AdapterLeases.acquire(session, use, "options.adapter"))
                : Optional.empty();
        try {
            Prompt prompt = maker.make(session);
            List<Generation> generations =
                    engine.submit(request(session, options, promptField, prompt, AdapterLeases.use(adapter, use)));
            return Attempt.of(session, prompt, generations, adapter);
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
            Optional<io.rootstock.inference.engine.adapter.AdapterUse> adapter) {
        return options.request(
                session.model(),
                prompt.tokens(),
                promptField,
                prompt.enforced().grammar(),
                adapter,
                settings.queueTimeout());
    }
}
