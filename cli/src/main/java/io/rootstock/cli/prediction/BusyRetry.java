package io.rootstock.cli.prediction;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.function.Supplier;

/** Repeats calls that a busy service rejects. */
final class BusyRetry {
    private static final int ATTEMPTS = 10;
    private static final long FIRST_DELAY_MILLIS = 200;
    private static final long MAX_DELAY_MILLIS = 10_000;

    private BusyRetry() {}

    /**
     * Calls until the service is not busy (RESOURCE_EXHAUSTED: its queue is full), at most ten times within about a
     * minute.
     */
    static <T> T call(Supplier<T> call) throws InterruptedException {
        long delay = FIRST_DELAY_MILLIS;
        for (int attempt = 1; ; attempt++) {
            try {
                return call.get();
            } catch (StatusRuntimeException failure) {
                if (failure.getStatus().getCode() != Status.Code.RESOURCE_EXHAUSTED || attempt == ATTEMPTS) {
                    throw failure;
                }
            }
            Thread.sleep(delay);
            delay = Math.min(2 * delay, MAX_DELAY_MILLIS);
        }
    }
}
