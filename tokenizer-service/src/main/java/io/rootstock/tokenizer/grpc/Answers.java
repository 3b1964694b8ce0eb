package io.rootstock.tokenizer.grpc;

import io.grpc.stub.StreamObserver;
import io.rootstock.service.FlowControlledStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Sends the response of a unary method, and streams of pages. */
final class Answers {
    /** Time between two reads of a watched page. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private Answers() {}

    static <T> void send(StreamObserver<T> observer, T answer) {
        observer.onNext(answer);
        observer.onCompleted();
    }

    /**
     * Streams a page until the stream is cancelled.
     *
     * @param read reads the page and returns what has changed in it
     */
    static <R> void watch(StreamObserver<R> observer, Supplier<Optional<R>> read) {
        FlowControlledStream.serve(observer, stream -> {
            while (!stream.isCancelled()) {
                read.get().ifPresent(stream::send);
                Thread.sleep(PAUSE);
            }
        });
    }
}
