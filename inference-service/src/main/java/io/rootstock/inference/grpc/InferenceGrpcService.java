package io.rootstock.inference.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.inference.pooling.Pooling;
import io.rootstock.inference.pooling.Scoring;
import io.rootstock.inference.session.ModelAccess;
import io.rootstock.inference.session.Tokenization;
import io.rootstock.inference.v1.ChatRequest;
import io.rootstock.inference.v1.ChatResponse;
import io.rootstock.inference.v1.ChatStreamRequest;
import io.rootstock.inference.v1.ChatStreamResponse;
import io.rootstock.inference.v1.ClassifyRequest;
import io.rootstock.inference.v1.ClassifyResponse;
import io.rootstock.inference.v1.DetokenizeRequest;
import io.rootstock.inference.v1.DetokenizeResponse;
import io.rootstock.inference.v1.EmbedRequest;
import io.rootstock.inference.v1.EmbedResponse;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.GenerateResponse;
import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GenerateStreamResponse;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.inference.v1.ListServedModelsRequest;
import io.rootstock.inference.v1.ListServedModelsResponse;
import io.rootstock.inference.v1.ScoreRequest;
import io.rootstock.inference.v1.ScoreResponse;
import io.rootstock.inference.v1.TokenizeRequest;
import io.rootstock.inference.v1.TokenizeResponse;
import io.rootstock.service.FlowControlledStream;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;

/**
 * The RPCs of the inference service. RPCs that wait for an engine run on their own virtual thread and react immediately
 * to a client that disconnects; the others run on a worker thread.
 */
@GrpcService
public class InferenceGrpcService extends InferenceServiceGrpc.InferenceServiceImplBase {
    private final ModelAccess access;
    private final CompletionRpcs streams;
    private final Pooling texts;
    private final Scoring scores;
    private final Tokenization tokens;

    @Inject
    InferenceGrpcService(
            ModelAccess access, CompletionRpcs streams, Pooling texts, Scoring scores, Tokenization tokens) {
        this.access = access;
        this.streams = streams;
        this.texts = texts;
        this.scores = scores;
        this.tokens = tokens;
    }

    @Override
    public void generate(GenerateRequest request, StreamObserver<GenerateResponse> responses) {
        FlowControlledStream.serve(responses, answer -> streams.generate(request, answer));
    }

    @Override
    public void chat(ChatRequest request, StreamObserver<ChatResponse> responses) {
        FlowControlledStream.serve(responses, answer -> streams.chat(request, answer));
    }

    @Override
    public void generateStream(GenerateStreamRequest request, StreamObserver<GenerateStreamResponse> responses) {
        FlowControlledStream.serve(responses, stream -> streams.generate(request, stream));
    }

    @Override
    public void chatStream(ChatStreamRequest request, StreamObserver<ChatStreamResponse> responses) {
        FlowControlledStream.serve(responses, stream -> streams.chat(request, stream));
    }

    @Override
    public void classify(ClassifyRequest request, StreamObserver<ClassifyResponse> responses) {
        FlowControlledStream.serve(responses, answer -> answer.send(texts.classify(request)));
    }

    @Override
    public void embed(EmbedRequest request, StreamObserver<EmbedResponse> responses) {
        FlowControlledStream.serve(responses, answer -> answer.send(texts.embed(request)));
    }

    @Override
    public void score(ScoreRequest request, StreamObserver<ScoreResponse> responses) {
        FlowControlledStream.serve(responses, answer -> answer.send(scores.score(request)));
    }

    @Override
    @Blocking
    public void tokenize(TokenizeRequest request, StreamObserver<TokenizeResponse> responses) {
        responses.onNext(tokens.tokenize(request));
        responses.onCompleted();
    }

    @Override
    @Blocking
    public void detokenize(DetokenizeRequest request, StreamObserver<DetokenizeResponse> responses) {
        responses.onNext(tokens.detokenize(request));
        responses.onCompleted();
    }

    @Override
    @Blocking
    public void listServedModels(ListServedModelsRequest request, StreamObserver<ListServedModelsResponse> responses) {
        responses.onNext(ServedModelPages.of(request, access.served()));
        responses.onCompleted();
    }
}
