package io.rootstock.inference.engine.scoring;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A scoring request from its submission to its end. Mutable fields are guarded by the lock of {@link ScoringQueue}. */
final class ScoringJob {
    private final ScoringRequest request;
    private final CompletableFuture<List<ScoredContinuation>> result = new CompletableFuture<>();
    private final ScoredContinuation[] scored;
    private final long arrival = System.nanoTime();
    private int unscored;
    private int next;
    private long turn;

    ScoringJob(ScoringRequest request) {
        this.request = request;
        this.scored = new ScoredContinuation[request.texts().size()];
        this.unscored = scored.length;
    }

    ScoringRequest request() {
        return request;
    }

    CompletableFuture<List<ScoredContinuation>> result() {
        return result;
    }

    /** Whether the request has ended: with its result, an error, or because its caller left. */
    boolean ended() {
        return result.isDone();
    }

    /** Nanoseconds since the request arrived. */
    long age() {
        return System.nanoTime() - arrival;
    }

    /** Order among requests of equal priority: requests that a pack has served follow the others. */
    long turn() {
        return turn;
    }

    void turn(long number) {
        turn = number;
    }

    /** Texts that no pack has taken. */
    int waiting() {
        return scored.length - next;
    }

    /** Whether no pack has taken a text. */
    boolean begins() {
        return next == 0;
    }

    /** Texts without a result. */
    int unscored() {
        return unscored;
    }

    /** Index of the first text that no pack has taken. */
    int next() {
        return next;
    }

    void take() {
        next++;
    }

    /** Records the result of a text. */
    void scored(int index, ScoredContinuation continuation) {
        scored[index] = continuation;
        unscored--;
        if (unscored == 0) {
            result.complete(List.of(scored));
        }
    }
}
