package io.rootstock.inference.engine.scheduling;

import io.rootstock.inference.engine.NonFiniteLogitsException;
import io.rootstock.inference.engine.sampling.Logits;
import io.rootstock.inference.engine.sampling.TokenLogprob;
import io.rootstock.inference.engine.sampling.Vocabulary;
import io.rootstock.inference.engine.scheduling.ScoredContinuation.ScoredToken;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Computes the log-probabilities of the scored tokens of one text of a {@link ScoringRequest}. */
final class ScoreJob extends Job {
    private final ScoreFeed feed;
    private final int index;
    private final Vocabulary vocabulary;
    private final int from;
    private final int last;
    private final List<ScoredToken> tokens = new ArrayList<>();
    private volatile boolean ended;
    private volatile boolean cancelled;
    private volatile boolean aborted;

    /**
     * Creates a job.
     *
     * @param index index of the text in the request
     * @param text all tokens of the text; the last one is not decoded, because its log-probability follows from the
     *     logits before it
     */
    ScoreJob(ScoreFeed feed, int index, int[] text, SharedPrefixGroup group, Vocabulary vocabulary) {
        super(Arrays.copyOf(text, text.length - 1), feed.request().adapter(), group);
        this.feed = feed;
        this.index = index;
        this.vocabulary = vocabulary;
        this.from = text.length - feed.request().texts().get(index).scored() - 1;
        this.last = text[text.length - 1];
    }

    /** Index of the text in the request. */
    int index() {
        return index;
    }

    void cancel() {
        cancelled = true;
    }

    @Override
    String requestId() {
        return feed.request().requestId();
    }

    @Override
    int priority() {
        return feed.request().priority();
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
    boolean onlyReads() {
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
        return aborted;
    }

    @Override
    void abort() {
        aborted = true;
    }

    @Override
    void fail(RuntimeException why) {
        ended = true;
        feed.failed(why);
    }

    @Override
    boolean ended() {
        return ended;
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
        if (tokens.stream().anyMatch(token -> Double.isNaN(token.logprob()))) {
            fail(new NonFiniteLogitsException());
            return OVER;
        }
        ended = true;
        feed.ended(this, new ScoredContinuation(tokens));
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
                Logits.isArgmax(logits, token)));
    }
}
