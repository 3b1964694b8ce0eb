package io.rootstock.registry.evaluation;

import io.rootstock.service.Errors;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Admits one request at a time of those that hold the numbers of all rows of an evaluation in memory: up to 100 MB. */
@ApplicationScoped
public class RowWork {
    private static final Duration MAX_WAIT = Duration.ofSeconds(30);

    private final Semaphore permits = new Semaphore(1, true);

    /** Permission of one request; closing it admits the next. */
    public interface Permit extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Waits for a permit.
     *
     * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED after 30 s, or if the thread is interrupted
     */
    Permit begin() {
        try {
            if (permits.tryAcquire(MAX_WAIT.toSeconds(), TimeUnit.SECONDS)) {
                return permits::release;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw Errors.resourceExhausted("COMPARISONS_RUN", "other comparisons of evaluations run", MAX_WAIT);
    }
}
