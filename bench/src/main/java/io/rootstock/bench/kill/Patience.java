package io.rootstock.bench.kill;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;

/** Retries calls to a service that may have been killed, as a robust client does. */
final class Patience {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final Set<Status.Code> UNAVAILABLE =
            Set.of(Status.Code.UNAVAILABLE, Status.Code.UNKNOWN, Status.Code.INTERNAL, Status.Code.CANCELLED);

    private Patience() {}

    /** Returns the response; throws errors other than an unavailable service. */
    static <T> T call(Supplier<T> call) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                return call.get();
            } catch (StatusRuntimeException e) {
                if (!isUnavailable(e) || System.nanoTime() > end) {
                    throw e;
                }
                sleep(PAUSE);
            }
        }
    }

    /** Whether the service is unavailable. A client reports UNKNOWN if the connection breaks while it sends a call. */
    static boolean isUnavailable(StatusRuntimeException failure) {
        return UNAVAILABLE.contains(failure.getStatus().getCode());
    }

    static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
