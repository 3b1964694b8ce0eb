package io.rootstock.tokenizer.grpc;

import com.google.common.primitives.Ints;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.rootstock.encoding.SpecialTokenInTextException;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.service.Errors;
import io.rootstock.tokenizer.v1.EncodeStreamRequest;
import io.rootstock.tokenizer.v1.EncodeStreamResponse;

/** One EncodeStream call: requests the next text only when the client can receive a response. */
final class EncodingStream implements StreamObserver<EncodeStreamRequest> {
    private final LoadedTokenizers tokenizers;
    private final ServerCallStreamObserver<EncodeStreamResponse> answers;
    private Tokenizer tokenizer;
    private SpecialTokenPolicy policy;
    private long texts;
    private boolean failed;

    /** Whether the next text must be requested when the client is ready again. Guarded by this. */
    private boolean waiting = true;

    EncodingStream(LoadedTokenizers tokenizers, StreamObserver<EncodeStreamResponse> answers) {
        this.tokenizers = tokenizers;
        this.answers = (ServerCallStreamObserver<EncodeStreamResponse>) answers;
        this.answers.disableAutoRequest();
        this.answers.setOnReadyHandler(this::askForNext);
        this.answers.setOnCancelHandler(() -> {});
    }

    @Override
    public void onNext(EncodeStreamRequest request) {
        if (failed) {
            return;
        }
        try {
            if (tokenizer == null) {
                tokenizer = tokenizers.tokenizer(request.getTokenizer(), "tokenizer");
                policy = SpecialTokenPolicies.policy(request.getSpecialTokens());
            }
            texts++;
            int[] ids = tokenizer.encode(request.getText(), policy);
            answers.onNext(EncodeStreamResponse.newBuilder()
                    .addAllTokenIds(Ints.asList(ids))
                    .build());
            synchronized (this) {
                waiting = true;
            }
            askForNext();
        } catch (SpecialTokenInTextException e) {
            fail(Errors.invalidArgument("text", "of message " + texts + " " + e.getMessage()));
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    @Override
    public void onError(Throwable cancelled) {
        failed = true;
    }

    @Override
    public void onCompleted() {
        if (!failed) {
            answers.onCompleted();
        }
    }

    private void fail(RuntimeException failure) {
        failed = true;
        answers.onError(answers.isCancelled() ? Status.CANCELLED.asRuntimeException() : failure);
    }

    private void askForNext() {
        synchronized (this) {
            if (!waiting || !answers.isReady()) {
                return;
            }
            waiting = false;
        }
        answers.request(1);
    }
}
