package io.rootstock.tokenizer.grpc;

import io.grpc.stub.StreamObserver;

/** Sends the response of a unary method. */
final class Answers {
    private Answers() {}

    static <T> void send(StreamObserver<T> observer, T answer) {
        observer.onNext(answer);
        observer.onCompleted();
    }
}
