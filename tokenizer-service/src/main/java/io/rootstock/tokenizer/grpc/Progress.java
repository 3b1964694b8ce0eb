package io.rootstock.tokenizer.grpc;

import io.rootstock.service.FlowControlledStream;
import java.time.Duration;
import java.util.function.Supplier;

/** Tells a client how far a long work is, a few times a second, and ends the work when the client is gone. */
final class Progress<T> {
    private static final long STEP_NANOSECONDS = Duration.ofMillis(250).toNanos();

    private final FlowControlledStream<T> stream;
    private long told = System.nanoTime() - STEP_NANOSECONDS;

    Progress(FlowControlledStream<T> stream) {
        this.stream = stream;
    }

    /**
     * @throws io.rootstock.service.StreamCancelledException if the client is gone
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
