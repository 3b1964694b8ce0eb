package io.rootstock.inference.admission;

import io.rootstock.service.ShutdownState;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Admits work and drains it. Each piece of work holds a {@link Ticket}. A draining service issues no tickets; running
 * work has a time limit to finish, after which it is ended. A drained service never admits work again.
 */
@ApplicationScoped
public class AdmissionControl {
    /** Time that ended work has to leave after the time limit, so that its error reaches the client. */
    private static final Duration LEAVING = Duration.ofSeconds(2);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private final Set<Ticket> inside = new HashSet<>();
    private final List<Runnable> listeners = new ArrayList<>();
    private volatile boolean draining;

    /** One piece of work in flight; close it when the work has ended, in any way. */
    public final class Ticket implements AutoCloseable {
        private Runnable end = () -> {};

        private Ticket() {}

        /**
         * Registers the action that ends the work early; it must not block. Runs on the draining thread, at most once.
         */
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
     * Admits work.
     *
     * @throws io.grpc.StatusRuntimeException UNAVAILABLE with reason DRAINING while draining
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

    /** Whether new work is rejected. */
    public boolean isDraining() {
        return draining;
    }

    /** Number of pieces of work in flight. */
    public int inFlight() {
        lock.lock();
        try {
            return inside.size();
        } finally {
            lock.unlock();
        }
    }

    /** Registers an action that runs when draining begins. */
    public void onDraining(Runnable action) {
        lock.lock();
        try {
            listeners.add(action);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Stops admitting work and waits for the work in flight. Several threads may drain at once, each with its own time
     * limit.
     *
     * @return number of pieces of work that exceeded the limit and were ended
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

    /** The error of a request that arrives while draining, or that exceeds the time limit. */
    public static RuntimeException draining() {
        return ShutdownState.refusal();
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
