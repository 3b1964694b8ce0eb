package io.rootstock.cli.client;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.rootstock.cli.error.CliException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;

/**
 * A call that sends much and gets one answer, maybe after messages of progress: holds the sender back while the service is
 * not ready, and keeps the answer.
 *
 * @param <Q> what is sent
 * @param <A> the answer
 */
final class UploadCall<Q, A> implements ClientResponseObserver<Q, A> {
    private final CompletableFuture<A> answer = new CompletableFuture<>();
    private final Object readiness = new Object();
    private final Predicate<A> progress;
    private ClientCallStreamObserver<Q> call;

    /** A call whose only response is the answer. */
    UploadCall() {
        this(_ -> false);
    }

    /**
     * A call with messages before the answer.
     *
     * @param progress takes a response and returns true if that is a message of progress
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
            answer.complete(response);
        }
    }

    @Override
    public void onError(Throwable failure) {
        answer.completeExceptionally(failure);
        wake();
    }

    @Override
    public void onCompleted() {
        answer.completeExceptionally(new IllegalStateException("the upload ended without an answer"));
        wake();
    }

    /** False where the service has answered already, for example with an error. */
    boolean send(Q part) {
        synchronized (readiness) {
            while (!call.isReady() && !answer.isDone()) {
                try {
                    readiness.wait();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw new CliException("interrupted while uploading", "");
                }
            }
        }
        if (answer.isDone()) {
            return false;
        }
        call.onNext(part);
        return true;
    }

    A finish() {
        if (!answer.isDone()) {
            call.onCompleted();
        }
        try {
            return answer.join();
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
