package io.rootstock.service;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/**
 * Response stream of a server-streaming method, for blocking code: {@link #send} waits until the client can receive a
 * message, so that a slow reader uses no memory, and throws when the call is cancelled.
 *
 * <p>{@link #serve} is the usual entry point: it runs the method's body on a new virtual thread and ends the stream.
 * Call it, or the constructor, inside the gRPC method (gRPC rejects handlers later). One thread sends;
 * {@link #isCancelled}, {@link #onCancel} and {@link #stop} may be called from any thread.
 */
public final class FlowControlledStream<T> {
    private final ServerCallStreamObserver<T> observer;
    private final Recipient recipient = new Recipient();

    /** Creates a stream for {@code observer}, which must be the argument of the gRPC method. */
    public FlowControlledStream(StreamObserver<T> observer) {
        this.observer = (ServerCallStreamObserver<T>) observer;
        this.observer.setOnReadyHandler(recipient::wake);
        this.observer.setOnCancelHandler(recipient::leave);
    }

    /** Body of a streaming method. */
    @FunctionalInterface
    public interface Body<T> {
        /** Sends all messages; the stream completes when it returns and fails when it throws. */
        void run(FlowControlledStream<T> stream) throws Exception;
    }

    /** Runs {@code body} on a new virtual thread and returns at once. */
    public static <T> void serve(StreamObserver<T> observer, Body<T> body) {
        FlowControlledStream<T> stream = new FlowControlledStream<>(observer);
        Thread.ofVirtual().name("stream").start(Context.current().wrap(() -> stream.run(body)));
    }

    /**
     * Sends one message as soon as the client can receive it.
     *
     * @throws StreamCancelledException if the call is cancelled or the thread interrupted
     * @throws RuntimeException the argument of {@link #stop}
     */
    public void send(T message) {
        recipient.await(() -> observer.isReady() || isCancelled());
        throwIfCancelled();
        observer.onNext(message);
    }

    /** Completes the stream successfully. */
    public void complete() {
        if (!isCancelled()) {
            observer.onCompleted();
        }
    }

    /** Ends the stream with an error; an exception that is not a status becomes INTERNAL and is logged. */
    public void fail(Throwable failure) {
        if (!isCancelled()) {
            observer.onError(StrayExceptions.toStatus(failure));
        }
    }

    /** Makes {@link #send} throw this exception from now on, also while it waits. Callable from any thread. */
    public void stop(RuntimeException why) {
        recipient.stop(why);
    }

    /** Whether the call is cancelled. */
    public boolean isCancelled() {
        return observer.isCancelled();
    }

    /** Throws if the call is cancelled; for loops that run long without sending. */
    public void throwIfCancelled() {
        if (isCancelled()) {
            throw new StreamCancelledException();
        }
    }

    /** Runs {@code action} once when the call is cancelled; at once if it already is. The action must not block. */
    public void onCancel(Runnable action) {
        recipient.onGone(action);
    }

    private void run(Body<T> body) {
        try {
            body.run(this);
            complete();
        } catch (StreamCancelledException e) {
            // The client is disconnected; the status is not delivered.
            fail(Status.CANCELLED.asRuntimeException());
        } catch (Throwable failure) {
            fail(failure);
        }
    }
}
