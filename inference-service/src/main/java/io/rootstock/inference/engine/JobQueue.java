package io.rootstock.inference.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/** Jobs that wait for a slot: by priority, then by arrival; bounded in jobs and in prompt tokens. For any thread. */
final class JobQueue {
    private static final Comparator<Job> ORDER =
            Comparator.comparingInt(Job::priority).reversed().thenComparingLong(Job::order);

    private final int slots;
    private final int mostJobs;
    private final long mostTokens;
    private final EngineListener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeSet<Job> waiting = new TreeSet<>(ORDER);
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
     * Adds jobs of one request, all or none. A request that is larger than the queue may wait alone.
     *
     * @param running jobs that have a slot
     * @return what the queue holds already where they do not fit, else an empty text
     */
    String add(List<? extends Job> jobs, int running) {
        long more = jobs.stream().mapToLong(job -> job.prompt().length).sum();
        lock.lock();
        try {
            if (closed) {
                throw new EngineClosedException();
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
            for (Job job : jobs) {
                job.order(++orders);
                waiting.add(job);
            }
            tokens += more;
            return "";
        } finally {
            lock.unlock();
        }
    }

    /** Takes out the first that may start now; null: none. Engine thread only. */
    Job poll() {
        lock.lock();
        try {
            purge();
            for (Job job : waiting) {
                if (job.family().admits(job)) {
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

    /** Ends those that were given up or waited too long; also where no slot becomes free for long. */
    void dropGivenUp() {
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

    /** Takes no more jobs. */
    void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    /** All that wait; the queue is closed and empty after. */
    List<Job> drain() {
        lock.lock();
        try {
            closed = true;
            List<Job> rest = new ArrayList<>(waiting);
            waiting.clear();
            tokens = 0;
            return rest;
        } finally {
            lock.unlock();
        }
    }

    /** Drops those that were cancelled or aborted, or waited too long. */
    private void purge() {
        waiting.removeIf(job -> {
            if (job.aborted()) {
                job.fail(new AbortedException(job.requestId()));
                listener.refused(EngineListener.Refusal.ABORTED);
            } else if (!job.cancelled() && job.age() > job.queueTimeoutNanoseconds()) {
                job.fail(new QueueTimeoutException(Duration.ofNanos(job.queueTimeoutNanoseconds())));
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
