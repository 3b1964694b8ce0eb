package io.rootstock.service.web;

import io.grpc.stub.StreamObserver;
import io.rootstock.inference.v1.ClassifyRequest;
import io.rootstock.inference.v1.ClassifyResponse;
import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GenerateStreamResponse;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.service.Errors;
import io.rootstock.service.FlowControlledStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Fails or streams as the model of a request says. */
final class StreamService extends InferenceServiceGrpc.InferenceServiceImplBase {
    static final int MESSAGE_CHARACTERS = 16 << 10;

    final AtomicInteger sent = new AtomicInteger();
    final CountDownLatch started = new CountDownLatch(1);
    final CountDownLatch cancelled = new CountDownLatch(1);

    @Override
    public void classify(ClassifyRequest request, StreamObserver<ClassifyResponse> responses) {
        switch (request.getModel()) {
            case "typed" -> throw Errors.invalidArgument("texts[0]", "must not be empty");
            case "stray" -> throw new IllegalArgumentException("secret path /etc/shadow");
            case "never" -> started.countDown();
            default -> {
                responses.onNext(ClassifyResponse.newBuilder()
                        .setVersion("models/" + request.getModel() + "/versions/1")
                        .build());
                responses.onCompleted();
            }
        }
    }

    /** Streams as many messages as the prompt says, then fails if the model is "failing". */
    @Override
    public void generateStream(GenerateStreamRequest request, StreamObserver<GenerateStreamResponse> responses) {
        int messages = Integer.parseInt(request.getPrompt());
        FlowControlledStream.serve(responses, stream -> {
            stream.onCancel(cancelled::countDown);
            started.countDown();
            GenerateStreamResponse message = GenerateStreamResponse.newBuilder()
                    .setText("x".repeat(MESSAGE_CHARACTERS))
                    .build();
            for (int i = 0; i < messages; i++) {
                sent.incrementAndGet(); // before the client can receive it
                stream.send(message);
            }
            switch (request.getModel()) {
                case "failing" -> throw Errors.unavailable("DRAINING", "the service stops");
                case "waiting" -> cancelled.await();
                default -> {}
            }
        });
    }
}
