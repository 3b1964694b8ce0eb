package io.rootstock.inference.engine.scoring;

import io.rootstock.inference.engine.EngineException;
import io.rootstock.inference.engine.EngineListener;
import io.rootstock.llama.LlamaContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Scoring requests that wait for a pack, by priority and then in turn: a request that a pack has served in part waits
 * behind the others of its priority. Ended requests are removed, and the decode is
 * interrupted if all requests of its pack have ended. Thread-safe.
 */
final class ScoringQueue {
    private static final Comparator<ScoringJob> ORDER = Comparator.<ScoringJob>comparingInt(
                    job -> job.request().priority())
            .reversed()
            .thenComparingLong(ScoringJob::turn);

    private static final Pack NONE = new Pack(Optional.empty());

    private final LlamaContext context;
    private final EngineListener listener;
    private final int mostRequests;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final TreeSet<ScoringJob> waiting = new TreeSet<>(ORDER);
    /** The texts that are being decoded. */
    private Pack pack = NONE;

    private long turns;
    private boolean closed;

    /** @param mostRequests maximum number of waiting requests */
    ScoringQueue(LlamaContext context, EngineListener listener, int mostRequests) {
        this.context = context;
        this.listener = listener;
        this.mostRequests = mostRequests;
    }

    /** Texts that no pack has taken. */
    int texts() {
        lock.lock();
        try {
            return waiting.stream().mapToInt(ScoringJob::waiting).sum();
        } finally {
            lock.unlock();
        }
    }

    /** Texts that are being decoded. */
    int active() {
        lock.lock();
        try {
            return pack.texts().size();
        } finally {
            lock.unlock();
        }
    }

    /** Adds a request. */
    void add(ScoringJob job) {
        lock.lock();
        try {
            if (closed) {
                throw EngineException.closed();
            }
            if (waiting.size() >= mostRequests) {
                listener.refused(EngineListener.Refusal.QUEUE_FULL);
                throw EngineException.queueFull(
                        waiting.size() + " scoring requests are waiting already", Duration.ofSeconds(1));
            }
            job.turn(++turns);
            waiting.add(job);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the requests of this id with {@link EngineException.Reason#ABORTED}; returns the number of their unscored texts. */
    int abort(String requestId) {
        lock.lock();
        try {
            int texts = 0;
            List<ScoringJob> jobs = new ArrayList<>(waiting);
            pack.texts().stream()
                    .map(PackedText::job)
                    .distinct()
                    .filter(job -> !waiting.contains(job))
                    .forEach(jobs::add);
            for (ScoringJob job : jobs) {
                if (!requestId.isEmpty() && job.request().requestId().equals(requestId) && !job.ended()) {
                    texts += job.unscored();
                    listener.refused(EngineListener.Refusal.ABORTED);
                    end(job, EngineException.aborted(requestId));
                }
            }
            return texts;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends a request whose caller leaves, and waits until no decode uses it: its adapter may be freed then. Does nothing
     * if the request has ended and its pack is over.
     */
    void leave(ScoringJob job) {
        lock.lock();
        try {
            end(job, EngineException.closed());
            while (pack.texts().stream().anyMatch(text -> text.job() == job)) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends a request with an error, unless it has ended. */
    void fail(ScoringJob job, RuntimeException why) {
        lock.lock();
        try {
            end(job, why);
        } finally {
            lock.unlock();
        }
    }

    private void end(ScoringJob job, RuntimeException why) {
        job.result().completeExceptionally(why);
        waiting.remove(job);
        if (pack.ended()) {
            context.interrupt();
        }
    }

    /** Rejects further requests, ends all with {@link EngineException.Reason#CLOSED}, and interrupts the current decode. */
    void close() {
        lock.lock();
        try {
            closed = true;
            List.copyOf(waiting).forEach(job -> end(job, EngineException.closed()));
            pack.texts().forEach(text -> end(text.job(), EngineException.closed()));
            context.interrupt();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the next texts to decode together; empty once the queue is closed.
     *
     * @param retain given the request of the first text, returns the tokens in the KV cache that the text begins with
     */
    Optional<Pack> next(Function<ScoringJob, int[]> retain) {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            if (closed) {
                return Optional.empty();
            }
            // Requests that ended before are not in this pack.
            context.clearInterrupt();
            ScoringJob first = waiting.first();
            pack = new Pack(first.request().adapter(), retain.apply(first));
            for (ScoringJob job : List.copyOf(waiting)) {
                boolean begins = job.begins();
                if (pack.take(job) > 0) {
                    if (begins) {
                        listener.queueWait(job.age() / 1e9);
                    }
                    waiting.remove(job);
                    if (job.waiting() > 0) {
                        job.turn(++turns);
                        waiting.add(job);
                    }
                }
                if (pack.full()) {
                    break;
                }
            }
            return Optional.of(pack);
        } finally {
            lock.unlock();
        }
    }

    /** Ends the pack: no decode uses its requests any more. */
    void over(boolean scored) {
        lock.lock();
        try {
            for (PackedText text : pack.texts()) {
                if (scored && !text.job().ended()) {
                    text.job().scored(text.index(), new ScoredContinuation(List.of(text.scored())));
                }
            }
            pack = NONE;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
