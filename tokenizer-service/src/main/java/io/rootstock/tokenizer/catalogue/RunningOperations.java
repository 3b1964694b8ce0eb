package io.rootstock.tokenizer.catalogue;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;

/**
 * The running preparations and trainings. While one runs, its tokenizer is not deleted, no uploaded file is removed, and
 * the artifacts that it stores are kept.
 */
@ApplicationScoped
public class RunningOperations {
    private final Set<Operation> running = Collections.newSetFromMap(new IdentityHashMap<>());

    /** An operation; it ends when it is closed. */
    public final class Operation implements AutoCloseable {
        private final String tokenizer;
        private final Instant start = Instant.now();

        private Operation(String tokenizer) {
            this.tokenizer = tokenizer;
        }

        @Override
        public void close() {
            synchronized (running) {
                running.remove(this);
            }
        }
    }

    /**
     * Begins an operation; waits while a deletion is decided.
     *
     * @param tokenizer name of the tokenizer that it uses; empty: none
     */
    public Operation begin(String tokenizer) {
        Operation operation = new Operation(tokenizer);
        synchronized (running) {
            running.add(operation);
        }
        return operation;
    }

    /** Start of the oldest running operation; empty if none runs. */
    public Optional<Instant> oldest() {
        synchronized (running) {
            return running.stream().map(operation -> operation.start).min(Instant::compareTo);
        }
    }

    /** Runs the action, which no operation overlaps, unless an operation uses the tokenizer; returns whether it ran. */
    public boolean runUnlessUsed(String tokenizer, Runnable action) {
        synchronized (running) {
            if (running.stream().anyMatch(operation -> operation.tokenizer.equals(tokenizer))) {
                return false;
            }
            action.run();
            return true;
        }
    }

    /** Runs the action, which no operation overlaps, unless an operation runs; returns whether it ran. */
    public boolean runIfIdle(Runnable action) {
        synchronized (running) {
            if (!running.isEmpty()) {
                return false;
            }
            action.run();
            return true;
        }
    }
}
