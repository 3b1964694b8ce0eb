package io.rootstock.inference.engine.scheduling;

import io.rootstock.inference.engine.EngineException;
import io.rootstock.inference.engine.EngineListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Jobs that wait for a slot, ordered by priority and then by arrival; bounded in jobs and in prompt tokens.
 * Thread-safe.
 */
final class JobQueue {
    private static final Comparator<CompletionJob> ORDER =
            Comparator.comparingInt(CompletionJob::priority).reversed().thenComparingLong(CompletionJob::order);

    private final int slots;
    private final int mostJobs;
    private final long mostTokens;
    private final EngineListener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeSet<CompletionJob> waiting = new TreeSet<>(ORDER);
    private long tokens;
    private long orders;
    private boolean closed;

    JobQueue(EngineOptions options, EngineListener listener) {
        this.slots = options.slots();
        this.mostJobs = options.queue();
        this.mostTokens = options.queuedTokens();
        this.listener = listener;
    }

    /**
     * Adds all jobs of a request, or none. A request that is larger than the queue is accepted if the queue is empty.
     *
     * @param running number of jobs that have a slot
     * @return an empty text, or the reason for which the jobs were rejected
     */
    String add(List<CompletionJob> jobs, int running) {
        long more = jobs.stream().mapToLong(job -> job.prompt().length).sum();
        lock.lock();
        try {
            if (closed) {
                throw EngineException.closed();
            }
            purge();
            int room = mostJobs + Math.max(0, slots - running);
            boolean alone = waiting.isEmpty() && jobs.size() > 1;
            if (waiting.size() + jobs.size() > room && !(alone && room > 0)) {
                return waiting.size() + " texts are waiting already";
            }
            if (tokens + more > mostTokens && !waiting.isEmpty()) {
                return tokens + " prompt tokens are waiting already";
            }
            for (CompletionJob job : jobs) {
                job.order(++orders);
                waiting.add(job);
            }
            tokens += more;
            return "";
        } finally {
            lock.unlock();
        }
    }

    /** Removes and returns the first job that may start now; null if there is none. Engine thread only. */
    CompletionJob poll() {
        lock.lock();
        try {
            purge();
            for (CompletionJob job : waiting) {
                if (job.group().admits(job)) {
                    waiting.remove(job);
                    tokens -= job.prompt().length;
                    return job;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Ends waiting jobs that were cancelled, aborted or exceeded their queue timeout, also while no slot is free. */
    void removeEnded() {
        lock.lock();
        try {
            purge();
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    long tokens() {
        lock.lock();
        try {
            return tokens;
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Rejects further jobs. */
    void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    /** Closes the queue, and removes and returns all waiting jobs. */
    List<CompletionJob> drain() {
        lock.lock();
        try {
            closed = true;
            List<CompletionJob> rest = new ArrayList<>(waiting);
            waiting.clear();
            tokens = 0;
            return rest;
        } finally {
            lock.unlock();
        }
    }

    /** Removes jobs that were cancelled, aborted or exceeded their queue timeout. */
    private void purge() {
        waiting.removeIf(job -> {
            if (job.aborted()) {
                job.fail(EngineException.aborted(job.requestId()));
                listener.refused(EngineListener.Refusal.ABORTED);
            } else if (!job.cancelled() && job.age() > job.queueTimeoutNanoseconds()) {
                job.fail(EngineException.queueTimeout(Duration.ofNanos(job.queueTimeoutNanoseconds())));
                listener.refused(EngineListener.Refusal.QUEUE_TIMEOUT);
            } else if (!job.cancelled()) {
                return false;
            }
            tokens -= job.prompt().length;
            job.leave();
            return true;
        });
    }
}
