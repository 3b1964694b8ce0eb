package io.rootstock.inference.service;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GenerateStreamResponse;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A streaming client that reads only after {@link #read}; its flow-control window is 4 KiB. */
final class PausedStream implements AutoCloseable {
    private static final int SMALL_WINDOW = 4096;

    private final ManagedChannel channel;
    private final ClientCall<GenerateStreamRequest, GenerateStreamResponse> call;
    private final CompletableFuture<Answer> end = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();

    /** The complete response. */
    record Answer(String text, Finish finish) {}

    PausedStream(int port, GenerateStreamRequest request) {
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .flowControlWindow(SMALL_WINDOW)
                .build();
        call = channel.newCall(InferenceServiceGrpc.getGenerateStreamMethod(), CallOptions.DEFAULT);
        call.start(new Reader(), new Metadata());
        call.sendMessage(request);
        call.halfClose();
    }

    /** Adds 20 top logprobs per token, so that the response exceeds all buffers. */
    static GenerationOptions.Builder large(GenerationOptions.Builder options) {
        return options.setLogprobs(true).setTopLogprobs(20);
    }

    /** Starts to read the stream. */
    void read() {
        call.request(Integer.MAX_VALUE);
    }

    void cancel() {
        call.cancel("enough", null);
    }

    /**
     * Reads the stream to its end; fails after two minutes.
     *
     * @throws StatusRuntimeException if the stream ends with an error
     */
    Answer end() {
        read();
        try {
            return end.get(2, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            throw (StatusRuntimeException) e.getCause();
        } catch (TimeoutException | InterruptedException e) {
            throw new AssertionError("the stream never ended", e);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private final class Reader extends ClientCall.Listener<GenerateStreamResponse> {
        private Finish finish = Finish.getDefaultInstance();

        @Override
        public void onMessage(GenerateStreamResponse message) {
            text.append(message.getText());
            finish = message.hasFinish() ? message.getFinish() : finish;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (status.isOk()) {
                end.complete(new Answer(text.toString(), finish));
            } else {
                end.completeExceptionally(status.asRuntimeException(trailers));
            }
        }
    }
}
