package io.rootstock.trainer.worker;

import io.rootstock.artifacts.UnreadableArtifactException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Repeats accesses to the artifact store while it cannot be reached, so that an outage does not end a run. */
final class StoreOutage {
    private static final Duration PATIENCE = Duration.ofHours(1);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(15);

    private final RunLog log;
    private final CountDownLatch stop;
    private final Duration patience;

    /** @param stop ends the waiting */
    StoreOutage(RunLog log, CountDownLatch stop) {
        this(log, stop, PATIENCE);
    }

    StoreOutage(RunLog log, CountDownLatch stop, Duration patience) {
        this.log = log;
        this.stop = stop;
        this.patience = patience;
    }

    /**
     * Returns the result of an action, which is repeated while the store cannot be reached.
     *
     * @throws UnreadableArtifactException if the outage lasts longer than an hour or the run is stopped
     */
    <T> T outlast(Supplier<T> action) throws InterruptedException {
        long start = System.nanoTime();
        long pause = FIRST_PAUSE.toMillis();
        boolean reported = false;
        while (true) {
            try {
                T result = action.get();
                if (reported) {
                    log.message("the artifact store can be reached again");
                }
                return result;
            } catch (UnreadableArtifactException e) {
                if (!reported) {
                    log.message(e.getMessage() + "; the run waits for the artifact store");
                    reported = true;
                }
                if (System.nanoTime() - start > patience.toNanos() || stop.await(pause, TimeUnit.MILLISECONDS)) {
                    throw e;
                }
                pause = Math.min(2 * pause, MAX_PAUSE.toMillis());
            }
        }
    }
}
