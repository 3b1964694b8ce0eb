package io.rootstock.registry.watch;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A change counter with wait. A watcher reads the counter, then the database, then waits for another counter value, so
 * it misses no change. Waits have a timeout, because another process may change the database, too.
 */
@ApplicationScoped
public class Changes implements AutoCloseable {
    /** Longest wait before a watcher reads the database again without a notification. */
    public static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long count;
    private boolean closed;

    /** Returns the number of changes since the start of the service. */
    public long count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Increments the counter and wakes all waiting threads; call it after a commit. */
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
     * Waits until the counter differs from {@code seen}, at most {@code limit}.
     *
     * @return false once this is closed; true if the caller should read again
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

    /** Ends all current waits; later waits return at once. */
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
