package io.rootstock.inference.completion;

import com.google.protobuf.ByteString;
import io.rootstock.inference.admission.AdmissionControl;
import io.rootstock.inference.canary.TextComparison;
import io.rootstock.inference.engine.scheduling.Output;
import io.rootstock.inference.session.EngineErrors;
import io.rootstock.inference.session.RequestObserver;
import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.FinishReason;
import io.rootstock.inference.v1.IgnoredKeyword;
import io.rootstock.inference.v1.TokenLogprob;
import io.rootstock.service.ErrorDetails;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/**
 * The completions of one request while they are generated. One thread reads with {@link #next}; a reader that stops
 * pauses its request in the engine, and only this one. {@link #cancel} is thread-safe. Close the stream in any case:
 * that frees its slots before their next token. A request that a canary fails before its first output is answered by the main
 * version.
 */
public final class CompletionStream implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(CompletionStream.class);
    private static final String UNLOADED = "MODEL_UNLOADED";

    private final String requestId;
    private final int[] completionTokens;
    private final RequestObserver observer;

    private final Queue<Delta> ready = new ArrayDeque<>();
    /** Beginning of the text, if it is compared with a shadow answer. */
    private final StringBuilder compared = new StringBuilder();

    private volatile Attempt attempt;
    /** Submits the request to the main version if the canary fails before its first output; empty after that. */
    private Optional<Supplier<Attempt>> fallback;

    private int running;
    private boolean closed;
    private volatile RuntimeException stopped;
    private volatile Consumer<RuntimeException> stopListener = _ -> {};

    /**
     * Creates the stream of a submitted request.
     *
     * @param fallback submits a canary's request to the main version; used at most once, if the canary fails before its first
     *     output
     */
    CompletionStream(
            Attempt attempt, String requestId, RequestObserver observer, Optional<Supplier<Attempt>> fallback) {
        this.attempt = attempt;
        this.requestId = requestId;
        this.completionTokens = new int[attempt.generations().size()];
        this.observer = observer;
        this.fallback = fallback;
        this.running = attempt.generations().size();
        attempt.session().whenTimeIsOver(() -> stop(AdmissionControl.draining()));
    }

    /** The version that answers, models/{m}/versions/{n}; final once the first delta has arrived. */
    public String version() {
        return attempt.session().version();
    }

    /** The client's request id, or a generated one. */
    public String requestId() {
        return requestId;
    }

    /** Identifies the version's files and the engine; equal for requests that run alone with equal results. */
    public String systemFingerprint() {
        return attempt.session().model().fingerprint();
    }

    /** Token ids of the prompt, with the tokens that the tokenizer or the chat template adds. */
    public List<Integer> promptTokens() {
        return IntStream.of(attempt.prompt().tokens()).boxed().toList();
    }

    /** Number of the prompt's tokens. */
    public int promptTokenCount() {
        return attempt.prompt().tokens().length;
    }

    /** Number of generated tokens of a completion up to the last delta. */
    public int completionTokens(int index) {
        return completionTokens[index];
    }

    /** Schema keywords of the request that are not enforced. */
    public List<IgnoredKeyword> ignoredKeywords() {
        return attempt.prompt().enforced().ignored();
    }

    /** Log-probabilities of the prompt's tokens, if requested; available with the first delta. */
    public List<TokenLogprob> promptLogprobs() {
        return logprobs(attempt.generations().getFirst().promptLogprobs());
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
                given = attempt.outputs().next();
                throwIfStopped();
            } catch (RuntimeException e) {
                RuntimeException told = stopped == null ? EngineErrors.of(e) : stopped;
                attempt.session().failed(told);
                if (submittedToMain(told)) {
                    continue;
                }
                observer.failed(told);
                throw told;
            }
            fallback = Optional.empty();
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
        observer.closed();
        attempt.close();
    }

    /** Submits a canary's failed request to the main version; returns false if the request has failed. */
    private boolean submittedToMain(RuntimeException told) {
        if (stopped != null || fallback.isEmpty() || !isFault(told)) {
            return false;
        }
        Attempt failed = attempt;
        Supplier<Attempt> submission = fallback.get();
        fallback = Optional.empty();
        try {
            attempt = submission.get();
        } catch (RuntimeException e) {
            LOG.debug("the main version did not accept a request that its canary failed", e);
            return false;
        }
        failed.close();
        failed.session().answeredByMain(told);
        attempt.session().whenTimeIsOver(() -> stop(AdmissionControl.draining()));
        if (stopped != null) {
            // Stopped in between: the new attempt was not cancelled.
            attempt.cancel();
        }
        return true;
    }

    /** Whether another version may answer; limits and aborts of the client apply to every version. */
    private static boolean isFault(RuntimeException told) {
        return !(told instanceof CancellationException)
                && ErrorDetails.reason(told).map(UNLOADED::equals).orElse(true);
    }

    private void stop(RuntimeException why) {
        if (stopped == null) {
            stopped = why;
        }
        stopListener.accept(stopped);
        attempt.cancel();
    }

    private void throwIfStopped() {
        if (stopped != null) {
            throw stopped;
        }
    }

    private void take(Outputs.Indexed given) {
        DeltaSplitter splitter = attempt.splitters().get(given.index());
        switch (given.output()) {
            case Output.Text text -> {
                completionTokens[given.index()] = text.completionTokens();
                if (attempt.comparison().isPresent() && compared.length() < TextComparison.LENGTH) {
                    compared.append(text.text());
                }
                ready.addAll(splitter.push(given.index(), text.text(), logprobs(text.logprobs())));
            }
            case Output.End end -> {
                completionTokens[given.index()] = end.completionTokens();
                ready.addAll(splitter.rest(given.index()));
                Finish finish = finish(end, splitter.called());
                ready.add(new Delta.End(given.index(), finish));
                running--;
                observer.finished(finish);
                attempt.session().finished(end);
                attempt.comparison().ifPresent(comparison -> comparison.main(compared.toString()));
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

    /** Converts log-probabilities to the contract's messages. */
    private static List<TokenLogprob> logprobs(List<io.rootstock.inference.engine.sampling.TokenLogprob> tokens) {
        return tokens.stream().map(CompletionStream::logprob).toList();
    }

    private static TokenLogprob logprob(io.rootstock.inference.engine.sampling.TokenLogprob token) {
        TokenLogprob.Builder result = TokenLogprob.newBuilder()
                .setToken(token.token())
                .setPiece(ByteString.copyFrom(token.piece()))
                .setSpecial(token.special())
                .addAllTopLogprobs(logprobs(token.topLogprobs()));
        // NaN: the first token of a prompt has no log-probability.
        if (!Double.isNaN(token.logprob())) {
            result.setLogprob((float) token.logprob());
        }
        return result.build();
    }
}
