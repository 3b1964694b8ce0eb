package io.rootstock.registry.grpc;

import io.rootstock.registry.watch.Changes;
import io.rootstock.service.FlowControlledStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Streams of pages: a page is read again after each change in the registry, at most five times per second. */
record PageWatch(Changes changes) {
    private static final Duration PAUSE = Duration.ofMillis(200);

    /**
     * Sends the messages of a page until the stream is cancelled.
     *
     * @param read reads the page and returns what has changed in it
     * @throws io.grpc.StatusRuntimeException UNAVAILABLE when the service stops
     */
    <R> void run(FlowControlledStream<R> stream, Supplier<Optional<R>> read) throws InterruptedException {
        while (!stream.isCancelled()) {
            long seen = changes.count();
            read.get().ifPresent(stream::send);
            Thread.sleep(PAUSE);
            if (!changes.await(seen, Changes.MAX_WAIT)) {
                throw Answers.stopping();
            }
        }
    }
}
