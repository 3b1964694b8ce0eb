package io.rootstock.inference.completion;

import io.rootstock.inference.admission.AdmissionControl;
import io.rootstock.inference.engine.adapter.Adapters;
import io.rootstock.inference.engine.scheduling.Generation;
import io.rootstock.inference.engine.scheduling.Output;
import io.rootstock.inference.session.EngineErrors;
import io.rootstock.inference.session.RequestObserver;
import io.rootstock.inference.session.Session;
import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.FinishReason;
import io.rootstock.inference.v1.IgnoredKeyword;
import io.rootstock.inference.v1.TokenLogprob;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The completions of one request while they are generated. One thread reads with {@link #next}; a reader that stops
 * pauses its request in the engine, and only this one. {@link #cancel} is thread-safe. Close the stream in any case:
 * that frees its slots before their next token.
 */
public final class CompletionStream implements AutoCloseable {
    private final Session session;
    private final String requestId;
    private final Prompt prompt;
    private final int[] completionTokens;
    private final List<Generation> generations;
    private final List<DeltaSplitter> splitters;
    private final Outputs outputs;
    private final Optional<Adapters.Lease> adapter;
    private final RequestObserver observer;

    private final Queue<Delta> ready = new ArrayDeque<>();
    private int running;
    private boolean closed;
    private volatile RuntimeException stopped;
    private volatile Consumer<RuntimeException> stopListener = _ -> {};

    CompletionStream(
            Session session,
            String requestId,
            Prompt prompt,
            List<Generation> generations,
            Optional<Adapters.Lease> adapter,
            RequestObserver observer) {
        this.session = session;
        this.requestId = requestId;
        this.generations = List.copyOf(generations);
        this.prompt = prompt;
        this.completionTokens = new int[generations.size()];
        this.splitters =
                Stream.generate(prompt.splitter()).limit(generations.size()).toList();
        this.outputs = Outputs.of(this.generations);
        this.adapter = adapter;
        this.observer = observer;
        this.running = generations.size();
        session.whenTimeIsOver(() -> stop(AdmissionControl.draining()));
    }

    /** The version that answers, models/{m}/versions/{n}. */
    public String version() {
        return session.version();
    }

    /** The client's request id, or a generated one. */
    public String requestId() {
        return requestId;
    }

    /** Identifies the version's files and the engine; equal for requests that run alone with equal results. */
    public String systemFingerprint() {
        return session.model().fingerprint();
    }

    /** Token ids of the prompt, with the tokens that the tokenizer or the chat template adds. */
    public List<Integer> promptTokens() {
        return IntStream.of(prompt.tokens()).boxed().toList();
    }

    /** Number of the prompt's tokens. */
    public int promptTokenCount() {
        return prompt.tokens().length;
    }

    /** Number of generated tokens of a completion up to the last delta. */
    public int completionTokens(int index) {
        return completionTokens[index];
    }

    /** Schema keywords of the request that are not enforced. */
    public List<IgnoredKeyword> ignoredKeywords() {
        return prompt.enforced().ignored();
    }

    /** Log-probabilities of the prompt's tokens, if requested; available with the first delta. */
    public List<TokenLogprob> promptLogprobs() {
        return TokenLogprobs.of(generations.getFirst().promptLogprobs());
    }

    /**
     * Waits for the next delta; empty once every completion has ended.
     *
     * @throws io.grpc.StatusRuntimeException if the request is rejected or fails
     * @throws CancellationException after {@link #cancel}
     */
    public Optional<Delta> next() throws InterruptedException {
        while (ready.isEmpty() && running > 0) {
            Outputs.Indexed given;
            try {
                throwIfStopped();
                given = outputs.next();
                throwIfStopped();
            } catch (RuntimeException e) {
                RuntimeException told = stopped == null ? EngineErrors.of(e) : stopped;
                observer.failed(told);
                session.failed(told);
                throw told;
            }
            take(given);
        }
        return Optional.ofNullable(ready.poll());
    }

    /** Reads all completions to their end; returns them ordered by index. */
    public List<UnaryCompletion> readAll() throws InterruptedException {
        return UnaryCompletion.all(this);
    }

    /**
     * Registers an action that runs with the error when the request is ended from another thread, so that a writer that
     * waits for its client can stop. The action must not block.
     */
    public void whenStopped(Consumer<RuntimeException> action) {
        stopListener = action;
        if (stopped != null) {
            action.accept(stopped);
        }
    }

    /** Cancels the request: its slots are freed before their next token. */
    public void cancel() {
        stop(new CancellationException("the request was cancelled"));
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        generations.forEach(Generation::cancel);
        outputs.close();
        observer.closed();
        adapter.ifPresent(Adapters.Lease::close);
        session.close();
    }

    private void stop(RuntimeException why) {
        if (stopped == null) {
            stopped = why;
        }
        stopListener.accept(stopped);
        generations.forEach(Generation::cancel);
    }

    private void throwIfStopped() {
        if (stopped != null) {
            throw stopped;
        }
    }

    private void take(Outputs.Indexed given) {
        DeltaSplitter splitter = splitters.get(given.index());
        switch (given.output()) {
            case Output.Text text -> {
                completionTokens[given.index()] = text.completionTokens();
                ready.addAll(splitter.push(given.index(), text.text(), TokenLogprobs.of(text.logprobs())));
            }
            case Output.End end -> {
                completionTokens[given.index()] = end.completionTokens();
                ready.addAll(splitter.rest(given.index()));
                Finish finish = finish(end, splitter.called());
                ready.add(new Delta.End(given.index(), finish));
                running--;
                observer.finished(finish);
                session.finished(end);
            }
        }
    }

    private Finish finish(Output.End end, boolean called) {
        FinishReason reason = switch (end.reason()) {
            case END_OF_TEXT -> FinishReason.FINISH_REASON_END_OF_TEXT;
            case STOP_STRING -> FinishReason.FINISH_REASON_STOP_STRING;
            case LENGTH -> FinishReason.FINISH_REASON_LENGTH;
        };
        return Finish.newBuilder()
                .setReason(
                        called && reason != FinishReason.FINISH_REASON_LENGTH
                                ? FinishReason.FINISH_REASON_TOOL_CALLS
                                : reason)
                .setPromptTokens(end.promptTokens())
                .setCompletionTokens(end.completionTokens())
                .setCachedTokens(end.cachedTokens())
                .setVersion(version())
                .setFirstTokenMilliseconds(end.firstTokenMilliseconds())
                .setTotalMilliseconds(end.totalMilliseconds())
                .setRequestId(requestId)
                .setStop(end.stop())
                .addAllIgnoredKeywords(ignoredKeywords())
                .build();
    }
}
