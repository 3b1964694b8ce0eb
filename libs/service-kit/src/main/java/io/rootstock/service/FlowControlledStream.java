package io.rootstock.service;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/**
 * The answer stream of a server-streaming method, for code that blocks: {@link #send} waits until the client can take
 * a message, so that a slow reader costs no memory, and throws as soon as the client is gone.
 *
 * <p>{@link #serve} is the usual way in: it runs the method's body on a virtual thread of its own and ends the stream.
 * Call it, or the constructor, inside the gRPC method itself (gRPC takes no handlers later). One thread sends;
 * {@link #isCancelled}, {@link #onCancel} and {@link
 * #stop} are for any thread.
 */
public final class FlowControlledStream<T> {
    private final ServerCallStreamObserver<T> observer;
    private final Recipient recipient = new Recipient();

    /** A stream into {@code observer}, which must be the one that the gRPC method was called with. */
    public FlowControlledStream(StreamObserver<T> observer) {
        this.observer = (ServerCallStreamObserver<T>) observer;
        this.observer.setOnReadyHandler(recipient::wake);
        this.observer.setOnCancelHandler(recipient::leave);
    }

    /** The body of a streaming method. */
    @FunctionalInterface
    public interface Body<T> {
        /** Sends everything; the stream is complete when it returns and failed when it throws. */
        void run(FlowControlledStream<T> stream) throws Exception;
    }

    /** Runs {@code body} on a new virtual thread and returns at once. */
    public static <T> void serve(StreamObserver<T> observer, Body<T> body) {
        FlowControlledStream<T> stream = new FlowControlledStream<>(observer);
        Thread.ofVirtual().name("stream").start(Context.current().wrap(() -> stream.run(body)));
    }

    /**
     * Sends one message when the client can take it.
     *
     * @throws StreamCancelledException if the client is gone, or the thread was interrupted
     * @throws RuntimeException what {@link #stop} was called with
     */
    public void send(T message) {
        recipient.await(() -> observer.isReady() || isCancelled());
        throwIfCancelled();
        observer.onNext(message);
    }

    /** Ends the stream well. */
    public void complete() {
        if (!isCancelled()) {
            observer.onCompleted();
        }
    }

    /** Ends the stream with an error; what is not a status becomes INTERNAL and is logged. */
    public void fail(Throwable failure) {
        if (!isCancelled()) {
            observer.onError(StrayExceptions.toStatus(failure));
        }
    }

    /** Lets {@link #send} fail with this from now on, also where it waits for a slow reader. For any thread. */
    public void stop(RuntimeException why) {
        recipient.stop(why);
    }

    /** Whether the client is gone. */
    public boolean isCancelled() {
        return observer.isCancelled();
    }

    /** For loops that work long without sending. */
    public void throwIfCancelled() {
        if (isCancelled()) {
            throw new StreamCancelledException();
        }
    }

    /** Runs {@code action} once when the client is gone; at once if it is gone already. It must not block. */
    public void onCancel(Runnable action) {
        recipient.onGone(action);
    }

    private void run(Body<T> body) {
        try {
            body.run(this);
            complete();
        } catch (StreamCancelledException e) {
            // Nobody is left to be told.
            fail(Status.CANCELLED.asRuntimeException());
        } catch (Throwable failure) {
            fail(failure);
        }
    }
}
