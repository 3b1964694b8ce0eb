package io.rootstock.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The client of a response stream, for blocking code: waits until the client can receive more, and detects
 * cancellation. Safe for several threads.
 */
public final class Recipient {
    /**
     * Polling interval. Quarkus queues notifications of a method that runs on a virtual thread after the method itself,
     * so that a body that blocks inside such a method never receives them.
     */
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Runnable> goneActions = new ArrayList<>();
    private boolean gone;
    private RuntimeException stopped;

    /** Runs {@code action} once when the call is cancelled; at once if it already is. The action must not block. */
    public void onGone(Runnable action) {
        lock.lock();
        try {
            if (!gone) {
                goneActions.add(action);
                return;
            }
        } finally {
            lock.unlock();
        }
        action.run();
    }

    /** Called when the client has cancelled. */
    public void leave() {
        List<Runnable> actions;
        lock.lock();
        try {
            gone = true;
            actions = List.copyOf(goneActions);
            goneActions.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        actions.forEach(Runnable::run);
    }

    /** Whether {@link #leave} was called. */
    public boolean isGone() {
        lock.lock();
        try {
            return gone;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Makes {@link #await(BooleanSupplier)} throw this exception from now on, also while it waits for a slow reader.
     */
    public void stop(RuntimeException why) {
        lock.lock();
        try {
            stopped = why;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes the waiting threads to check their condition. */
    public void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until {@code taken} is true, or the call is cancelled.
     *
     * @throws StreamCancelledException if the thread was interrupted
     * @throws RuntimeException the argument of {@link #stop}
     */
    public void await(BooleanSupplier taken) {
        lock.lock();
        try {
            while (stopped == null && !gone && !taken.getAsBoolean()) {
                changed.awaitNanos(LOOK_AGAIN_NANOS);
            }
            if (stopped != null) {
                throw stopped;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StreamCancelledException();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until {@code taken} is true, the call is cancelled, or {@code limit} is over; {@link #stop} does not end
     * it.
     */
    public void await(BooleanSupplier taken, Duration limit) {
        long rest = limit.toNanos();
        lock.lock();
        try {
            while (!gone && rest > 0 && !taken.getAsBoolean()) {
                rest = changed.awaitNanos(rest);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
