package io.rootstock.tokenizer.grpc;

import io.rootstock.service.FlowControlledStream;
import java.time.Duration;
import java.util.function.Supplier;

/** Reports the progress of a long operation, a few times per second, and aborts it when the call is cancelled. */
final class Progress<T> {
    private static final long STEP_NANOSECONDS = Duration.ofMillis(250).toNanos();

    private final FlowControlledStream<T> stream;
    private long told = System.nanoTime() - STEP_NANOSECONDS;

    Progress(FlowControlledStream<T> stream) {
        this.stream = stream;
    }

    /**
     * @throws io.rootstock.service.StreamCancelledException if the call is cancelled
     */
    void at(Supplier<T> message) {
        stream.throwIfCancelled();
        long now = System.nanoTime();
        if (now - told >= STEP_NANOSECONDS) {
            told = now;
            stream.send(message.get());
        }
    }
}
