package io.rootstock.registry.watch;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A count of changes that can be waited on. A follower takes the count, reads, and waits for another count: a change
 * that comes in between is never slept through. Waits are bounded, because another process may change the database too.
 */
public final class Changes implements AutoCloseable {
    /** How long a follower sleeps at most before it looks again by itself. */
    public static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long count;
    private boolean closed;

    /** The number of changes so far. */
    public long count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Says that something was committed. */
    public void announce() {
        lock.lock();
        try {
            count++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the count is no longer {@code seen}, and at most {@code limit}.
     *
     * @return whether it makes sense to look again: false once this is closed
     */
    public boolean await(long seen, Duration limit) throws InterruptedException {
        lock.lock();
        try {
            long left = limit.toNanos();
            while (!closed && count == seen && left > 0) {
                left = changed.awaitNanos(left);
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Ends every wait, now and later: the service stops. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
