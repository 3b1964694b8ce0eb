package io.rootstock.service;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.inference.v1.ClassifyRequest;
import io.rootstock.inference.v1.ClassifyResponse;
import io.rootstock.inference.v1.EmbedRequest;
import io.rootstock.inference.v1.EmbedResponse;
import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GenerateStreamResponse;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.smallrye.common.annotation.Blocking;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Test service with an existing contract; its methods fail or stream as the tests require. */
@GrpcService
public class ExampleService extends InferenceServiceGrpc.InferenceServiceImplBase {
    static final AtomicInteger SENT = new AtomicInteger();
    static volatile CountDownLatch cancelled = new CountDownLatch(1);
    static volatile String thread;

    /** Unary, blocking: fails as the model name says, or succeeds. */
    @Override
    @Blocking
    public void classify(ClassifyRequest request, StreamObserver<ClassifyResponse> answers) {
        thread = Thread.currentThread().getName();
        switch (request.getModel()) {
            case "stray" -> throw new IllegalArgumentException("secret path /etc/shadow");
            case "typed" -> throw Errors.invalidArgument("texts[0]", "must not be empty");
            case "full" -> {
                // Linux: a write to this device fails as on a full disk.
                try {
                    Files.write(Path.of("/dev/full"), new byte[1]);
                } catch (IOException e) {
                    throw new UncheckedIOException("cannot write secret", e);
                }
            }
            case "observer" -> answers.onError(new IllegalStateException("secret"));
            default -> {
                answers.onNext(ClassifyResponse.newBuilder()
                        .setVersion("models/m/versions/1")
                        .build());
                answers.onCompleted();
            }
        }
    }

    /** Unary, on the event loop. */
    @Override
    public void embed(EmbedRequest request, StreamObserver<EmbedResponse> answers) {
        throw new UnsupportedOperationException("secret");
    }

    /** Streams 16 KiB messages without end, or fails after three. */
    @Override
    public void generateStream(GenerateStreamRequest request, StreamObserver<GenerateStreamResponse> answers) {
        FlowControlledStream.serve(answers, stream -> {
            stream.onCancel(() -> cancelled.countDown());
            GenerateStreamResponse message = GenerateStreamResponse.newBuilder()
                    .setText("x".repeat(16 << 10))
                    .build();
            for (int i = 0; !request.getModel().equals("three") || i < 3; i++) {
                SENT.incrementAndGet(); // before the client can receive it
                stream.send(message);
            }
            throw new IllegalStateException("secret");
        });
    }
}
