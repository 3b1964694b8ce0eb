package io.rootstock.bench.kill;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;

/** Calls a service that may have been killed until it answers, as a careful client does. */
final class Patience {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final Set<Status.Code> AWAY =
            Set.of(Status.Code.UNAVAILABLE, Status.Code.UNKNOWN, Status.Code.INTERNAL, Status.Code.CANCELLED);

    private Patience() {}

    /** The answer; a refusal that says more than that the service is away is thrown. */
    static <T> T call(Supplier<T> call) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                return call.get();
            } catch (StatusRuntimeException e) {
                if (!isAway(e) || System.nanoTime() > end) {
                    throw e;
                }
                sleep(PAUSE);
            }
        }
    }

    /** UNKNOWN is what a client makes of a connection that breaks while a call is being sent. */
    static boolean isAway(StatusRuntimeException failure) {
        return AWAY.contains(failure.getStatus().getCode());
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
