package io.rootstock.cli.client;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.rootstock.cli.error.CliException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;

/**
 * A client-streaming call with flow control: {@link #send} blocks while the service is not ready. The response may follow
 * progress messages.
 *
 * @param <Q> request type
 * @param <A> response type
 */
final class UploadCall<Q, A> implements ClientResponseObserver<Q, A> {
    private final CompletableFuture<A> result = new CompletableFuture<>();
    private final Object readiness = new Object();
    private final Predicate<A> progress;
    private ClientCallStreamObserver<Q> call;

    /** A call without progress messages. */
    UploadCall() {
        this(_ -> false);
    }

    /**
     * A call with progress messages.
     *
     * @param progress handles a response and returns true if it is a progress message
     */
    UploadCall(Predicate<A> progress) {
        this.progress = progress;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Q> requests) {
        call = requests;
        requests.setOnReadyHandler(this::wake);
    }

    @Override
    public void onNext(A response) {
        if (!progress.test(response)) {
            result.complete(response);
        }
    }

    @Override
    public void onError(Throwable failure) {
        result.completeExceptionally(failure);
        wake();
    }

    @Override
    public void onCompleted() {
        result.completeExceptionally(new IllegalStateException("the call completed without a response"));
        wake();
    }

    /** Sends a message; returns false if the call has already ended, for example with an error. */
    boolean send(Q message) {
        synchronized (readiness) {
            while (!call.isReady() && !result.isDone()) {
                try {
                    readiness.wait();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw new CliException("interrupted while uploading", "");
                }
            }
        }
        if (result.isDone()) {
            return false;
        }
        call.onNext(message);
        return true;
    }

    /** Waits for a future that the handler of progress messages completes; fails as the call does. */
    <T> T await(CompletableFuture<T> progress) {
        Object _ = CompletableFuture.anyOf(progress, result)
                .exceptionally(_ -> null)
                .join();
        if (!progress.isDone()) {
            finish();
            throw new IllegalStateException("the call completed without a response");
        }
        return progress.join();
    }

    A finish() {
        if (!result.isDone()) {
            call.onCompleted();
        }
        try {
            return result.join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failure;
        }
    }

    void cancel(Throwable cause) {
        call.cancel("the file cannot be read", cause);
    }

    private void wake() {
        synchronized (readiness) {
            readiness.notifyAll();
        }
    }
}
