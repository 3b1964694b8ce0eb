package io.rootstock.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The client that an answer is sent to, for code that blocks: waits until the client can take more, and knows when it is
 * gone. For any thread.
 */
public final class Recipient {
    /**
     * How long to wait before looking again without having been told. Quarkus queues the notices of a method that
     * runs on a virtual thread behind the method itself, so a body that blocks inside such a method never gets them.
     */
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Runnable> goneActions = new ArrayList<>();
    private boolean gone;
    private RuntimeException stopped;

    /** Runs {@code action} once when the client is gone; at once if it is gone already. It must not block. */
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

    /** The client is gone. */
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

    /** Lets {@link #await(BooleanSupplier)} fail with this from now on, also where it waits for a slow reader. */
    public void stop(RuntimeException why) {
        lock.lock();
        try {
            stopped = why;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Something that is waited for may have come. */
    public void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until {@code taken}, or until the client is gone.
     *
     * @throws StreamCancelledException if the thread was interrupted
     * @throws RuntimeException what {@link #stop} was called with
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

    /** Waits until {@code taken}, the client is gone, or {@code limit} is over; {@link #stop} does not end it. */
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
