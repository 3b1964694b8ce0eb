package io.rootstock.inference.generate;

import io.rootstock.service.Errors;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The door for work. Whoever works holds a {@link Ticket}; once draining, nobody gets one any more, those inside have a
 * time to finish, and whoever is not done by then is told to end. A drained service never opens again.
 */
@Singleton
public class Intake {
    /** What those may take longer than the budget who are told to end: an error on its way to a client. */
    private static final Duration LEAVING = Duration.ofSeconds(2);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private final Set<Ticket> inside = new HashSet<>();
    private final List<Runnable> listeners = new ArrayList<>();
    private volatile boolean draining;

    /** One piece of work in flight; close it when it has ended, however it ended. */
    public final class Ticket implements AutoCloseable {
        private Runnable end = () -> {};

        private Ticket() {}

        /** What ends the work early; it must not block. Runs on the draining thread, at most once. */
        public void whenTimeIsOver(Runnable action) {
            lock.lock();
            try {
                end = action;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (inside.remove(this)) {
                    left.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Lets work in.
     *
     * @throws io.grpc.StatusRuntimeException UNAVAILABLE with reason DRAINING once draining
     */
    public Ticket enter() {
        lock.lock();
        try {
            if (draining) {
                throw draining();
            }
            Ticket ticket = new Ticket();
            inside.add(ticket);
            return ticket;
        } finally {
            lock.unlock();
        }
    }

    /** Whether new work is refused. */
    public boolean isDraining() {
        return draining;
    }

    /** Work in flight. */
    public int inFlight() {
        lock.lock();
        try {
            return inside.size();
        } finally {
            lock.unlock();
        }
    }

    /** Runs {@code action} when draining begins. */
    public void onDraining(Runnable action) {
        lock.lock();
        try {
            listeners.add(action);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets nobody in from now on and waits for those inside. Several may drain at once; each ends what its own budget
     * leaves over.
     *
     * @return how many had not ended in time and were told to end
     */
    public int drain(Duration budget) throws InterruptedException {
        begin();
        lock.lock();
        try {
            awaitEmpty(budget);
            List<Ticket> late = List.copyOf(inside);
            late.forEach(ticket -> ticket.end.run());
            awaitEmpty(LEAVING);
            return late.size();
        } finally {
            lock.unlock();
        }
    }

    /** What a request is told that came, or had not ended, when the time was over. */
    public static RuntimeException draining() {
        return Errors.unavailable(
                "DRAINING", "the service is stopping; another one, or this one restarted, will answer");
    }

    private void begin() {
        List<Runnable> actions;
        lock.lock();
        try {
            if (draining) {
                return;
            }
            draining = true;
            actions = List.copyOf(listeners);
        } finally {
            lock.unlock();
        }
        actions.forEach(Runnable::run);
    }

    private void awaitEmpty(Duration most) throws InterruptedException {
        long rest = most.toNanos();
        while (!inside.isEmpty() && rest > 0) {
            rest = left.awaitNanos(rest);
        }
    }
}
