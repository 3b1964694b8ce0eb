package io.rootstock.cli.client;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.cli.error.ErrorReport;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Opens a broken stream again, for at most five minutes without a message. */
final class Reconnection {
    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final int DELAY_MILLIS = 1000;
    private static final Set<Status.Code> RETRYABLE =
            Set.of(Status.Code.UNAVAILABLE, Status.Code.CANCELLED, Status.Code.UNKNOWN, Status.Code.INTERNAL);

    private final Consumer<String> reconnecting;
    private long lastMessage = System.nanoTime();

    /** @param reconnecting receives the error message before each reconnect */
    Reconnection(Consumer<String> reconnecting) {
        this.reconnecting = reconnecting;
    }

    /** Reads one stream to its end. */
    interface Stream<T> {
        /** Returns the result; empty if the stream must be opened again. */
        Optional<T> read();
    }

    /** To be called for each message. */
    void received() {
        lastMessage = System.nanoTime();
    }

    /** Reads streams until one has a result. */
    <T> T read(Stream<T> stream) {
        while (true) {
            try {
                Optional<T> result = stream.read();
                if (result.isPresent()) {
                    return result.get();
                }
            } catch (StatusRuntimeException failure) {
                boolean timedOut = System.nanoTime() - lastMessage > TIMEOUT.toNanos();
                if (!RETRYABLE.contains(failure.getStatus().getCode()) || timedOut) {
                    throw failure;
                }
                reconnecting.accept(ErrorReport.of(failure).message());
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(DELAY_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StatusRuntimeException(Status.CANCELLED.withDescription("interrupted"));
        }
    }
}
