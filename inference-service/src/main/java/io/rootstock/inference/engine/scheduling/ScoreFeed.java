package io.rootstock.inference.engine.scheduling;

import io.rootstock.inference.engine.sampling.Vocabulary;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Feeds the texts of a scoring request to the engine. The request has a fixed share of the engine: a job that ends is
 * replaced by the job of the next text, which queues behind the requests that arrived before it. Thread-safe.
 */
final class ScoreFeed {
    /** Common tokens from which the texts wait for one of them to process these tokens. */
    private static final int WORTH_WAITING = 16;

    private final ScoringRequest request;
    private final Vocabulary vocabulary;
    private final Consumer<ScoreJob> replacement;
    private final int common;
    private final SharedPrefixGroup group;
    private final CompletableFuture<List<ScoredContinuation>> result = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<ScoreJob> jobs = new HashSet<>();
    private final ScoredContinuation[] scored;
    private int next;
    private int unscored;
    private boolean over;

    /** @param replacement enqueues the job that replaces an ended one; called on the engine's thread */
    ScoreFeed(ScoringRequest request, Vocabulary vocabulary, Consumer<ScoreJob> replacement) {
        this.request = request;
        this.vocabulary = vocabulary;
        this.replacement = replacement;
        this.common = request.common();
        this.group = new SharedPrefixGroup(common);
        this.scored = new ScoredContinuation[request.texts().size()];
        this.unscored = scored.length;
    }

    ScoringRequest request() {
        return request;
    }

    /** Creates the jobs of the first texts, at most {@code share}. */
    List<ScoreJob> first(int share) {
        lock.lock();
        try {
            List<ScoreJob> first = new ArrayList<>();
            while (next < scored.length && first.size() < share) {
                first.add(create());
            }
            return first;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until all texts are scored.
     *
     * @throws CancellationException if the caller is interrupted; its interrupt flag stays set
     * @throws RuntimeException the error that ended a job
     */
    List<ScoredContinuation> await() {
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while scoring");
        }
    }

    /** Records the result of a job and enqueues its replacement. */
    void ended(ScoreJob job, ScoredContinuation continuation) {
        ScoreJob following = null;
        boolean complete;
        lock.lock();
        try {
            jobs.remove(job);
            scored[job.index()] = continuation;
            unscored--;
            complete = unscored == 0;
            if (!over && next < scored.length) {
                following = create();
            }
        } finally {
            lock.unlock();
        }
        if (complete) {
            result.complete(List.of(scored));
        } else if (following != null) {
            try {
                replacement.accept(following);
            } catch (RuntimeException e) {
                failed(e);
            }
        }
    }

    /** Ends the request with an error. */
    void failed(RuntimeException why) {
        lock.lock();
        try {
            over = true;
        } finally {
            lock.unlock();
        }
        result.completeExceptionally(why);
    }

    /** Cancels the jobs that have not ended and returns them; no others follow. */
    List<ScoreJob> cancel() {
        lock.lock();
        try {
            over = true;
            List<ScoreJob> rest = List.copyOf(jobs);
            rest.forEach(ScoreJob::cancel);
            return rest;
        } finally {
            lock.unlock();
        }
    }

    private ScoreJob create() {
        int index = next++;
        SharedPrefixGroup own = common < WORTH_WAITING ? new SharedPrefixGroup(0) : group;
        ScoreJob job = new ScoreJob(this, index, request.tokens(request.texts().get(index)), own, vocabulary);
        jobs.add(job);
        return job;
    }
}
