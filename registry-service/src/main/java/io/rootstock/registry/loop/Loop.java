package io.rootstock.registry.loop;

import io.grpc.Context;
import io.rootstock.registry.database.DatabaseException;
import io.rootstock.registry.database.Leadership;
import io.rootstock.registry.watch.Backoff;
import io.rootstock.registry.watch.Changes;
import io.rootstock.service.access.Caller;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * A virtual thread that runs a round after every change while this registry leads, and retries an incomplete round with
 * exponential backoff, until {@link #close}. Its caller is {@link Caller#SERVICE}.
 */
public final class Loop implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Loop.class);

    private final Leadership leadership;
    private final Changes changes;
    private final Round round;
    private final FailureLog failures;
    private final Thread thread;

    /** One round of a loop: reads the pending work and does it. */
    @FunctionalInterface
    public interface Round {
        /** Returns false if work is left that must be retried. */
        boolean run() throws InterruptedException;
    }

    /** Starts the loop. */
    public Loop(String name, Leadership leadership, Changes changes, Round round) {
        this.leadership = leadership;
        this.changes = changes;
        this.round = round;
        this.failures = new FailureLog(LOG, name + ": a round failed");
        this.thread = Thread.ofVirtual()
                .name(name)
                .start(Caller.SERVICE.in(Context.ROOT).wrap(this::run));
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        Backoff backoff = new Backoff();
        try {
            boolean open = true;
            while (open) {
                long seen = changes.count();
                if (!leadership.held() || complete()) {
                    backoff.reset();
                    open = changes.await(seen, Changes.MAX_WAIT);
                } else {
                    Thread.sleep(backoff.next());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean complete() throws InterruptedException {
        try {
            boolean complete = round.run();
            failures.succeeded();
            return complete;
        } catch (DatabaseException e) {
            failures.failed(e);
            return false;
        } catch (RuntimeException e) {
            if (!Thread.currentThread().isInterrupted()) {
                LOG.error("a round failed; retrying", e);
            }
            return false;
        }
    }
}
