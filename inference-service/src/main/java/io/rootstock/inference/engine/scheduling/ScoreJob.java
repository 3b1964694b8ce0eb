package io.rootstock.inference.engine.scheduling;

import io.rootstock.inference.engine.adapter.AdapterUse;
import io.rootstock.inference.engine.sampling.Logits;
import io.rootstock.inference.engine.sampling.TokenLogprob;
import io.rootstock.inference.engine.sampling.Vocabulary;
import io.rootstock.inference.engine.scheduling.ScoredContinuation.ScoredToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Computes the log-probabilities of the tokens of one continuation. */
final class ScoreJob extends Job {
    private final Vocabulary vocabulary;
    private final int from;
    private final int last;
    private final List<ScoredToken> tokens = new ArrayList<>();
    private final CompletableFuture<ScoredContinuation> result = new CompletableFuture<>();
    private volatile boolean cancelled;

    /**
     * Creates a job.
     *
     * @param text prompt and continuation without its last token, whose log-probability follows from the logits before
     *     it
     * @param promptLength tokens of the prompt
     * @param last last token of the continuation
     */
    ScoreJob(
            int[] text,
            int promptLength,
            Optional<AdapterUse> adapter,
            SharedPrefixGroup group,
            Vocabulary vocabulary,
            int last) {
        super(text, adapter, group);
        this.vocabulary = vocabulary;
        this.from = promptLength - 1;
        this.last = last;
    }

    CompletableFuture<ScoredContinuation> result() {
        return result;
    }

    void cancel() {
        cancelled = true;
    }

    @Override
    String requestId() {
        return "";
    }

    @Override
    int priority() {
        return 0;
    }

    @Override
    long queueTimeoutNanoseconds() {
        return Long.MAX_VALUE;
    }

    @Override
    boolean reusesPrefix() {
        return true;
    }

    @Override
    int outputsFrom() {
        return from;
    }

    @Override
    boolean cancelled() {
        return cancelled;
    }

    @Override
    boolean aborted() {
        return false;
    }

    @Override
    void abort() {
        cancelled = true;
    }

    @Override
    void fail(RuntimeException why) {
        result.completeExceptionally(why);
    }

    @Override
    boolean ended() {
        return result.isDone();
    }

    @Override
    boolean blocked() {
        return false;
    }

    @Override
    void started(int cached) {}

    @Override
    void read(int place, float[] logits) {
        score(logits, prompt()[place + 1]);
    }

    @Override
    int next(float[] logits, boolean full) {
        score(logits, last);
        result.complete(new ScoredContinuation(tokens));
        return OVER;
    }

    @Override
    List<TokenLogprob> promptLogprobs() {
        return List.of();
    }

    @Override
    void free() {}

    private void score(float[] logits, int token) {
        tokens.add(new ScoredToken(
                token,
                vocabulary.piece(token),
                logits[token] - Logits.logSumExp(logits),
                Logits.argmax(logits) == token));
    }
}
