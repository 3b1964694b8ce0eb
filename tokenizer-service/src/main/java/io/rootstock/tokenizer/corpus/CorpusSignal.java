package io.rootstock.tokenizer.corpus;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Wakes threads that wait for changes of corpora; changes by other services are seen after {@link #MAX_WAIT}. */
@ApplicationScoped
public class CorpusSignal {
    private static final Duration MAX_WAIT = Duration.ofMillis(500);

    private long count;

    /** Number of changes so far. */
    public synchronized long count() {
        return count;
    }

    /** Announces a change. */
    synchronized void announce() {
        count++;
        notifyAll();
    }

    /** Waits until a change after {@code seen} is announced, or some time has passed. */
    public synchronized void await(long seen) throws InterruptedException {
        long end = System.nanoTime() + MAX_WAIT.toNanos();
        long left = MAX_WAIT.toNanos();
        while (count == seen && left > 0) {
            wait(Math.max(1, left / 1_000_000));
            left = end - System.nanoTime();
        }
    }
}
