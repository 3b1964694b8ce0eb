package io.rootstock.inference.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.inference.health.Availability;
import io.rootstock.inference.infer.Inference;
import io.rootstock.inference.infer.Metadata;
import io.rootstock.inference.openinference.GRPCInferenceServiceGrpc;
import io.rootstock.inference.openinference.ModelInferRequest;
import io.rootstock.inference.openinference.ModelInferResponse;
import io.rootstock.inference.openinference.ModelMetadataRequest;
import io.rootstock.inference.openinference.ModelMetadataResponse;
import io.rootstock.inference.openinference.ModelReadyRequest;
import io.rootstock.inference.openinference.ModelReadyResponse;
import io.rootstock.inference.openinference.ServerLiveRequest;
import io.rootstock.inference.openinference.ServerLiveResponse;
import io.rootstock.inference.openinference.ServerMetadataRequest;
import io.rootstock.inference.openinference.ServerMetadataResponse;
import io.rootstock.inference.openinference.ServerReadyRequest;
import io.rootstock.inference.openinference.ServerReadyResponse;
import io.rootstock.service.FlowControlledStream;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;

/** The Open Inference Protocol's RPCs, as KServe and its clients use them. */
@GrpcService
public class OpenInferenceGrpcService extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {
    private final Availability availability;
    private final Metadata metadata;
    private final Inference inference;

    @Inject
    OpenInferenceGrpcService(Availability availability, Metadata metadata, Inference inference) {
        this.availability = availability;
        this.metadata = metadata;
        this.inference = inference;
    }

    @Override
    @Blocking
    public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> responses) {
        answer(responses, ServerLiveResponse.newBuilder().setLive(true).build());
    }

    @Override
    @Blocking
    public void serverReady(ServerReadyRequest request, StreamObserver<ServerReadyResponse> responses) {
        answer(
                responses,
                ServerReadyResponse.newBuilder().setReady(availability.ready()).build());
    }

    @Override
    @Blocking
    public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> responses) {
        answer(
                responses,
                ModelReadyResponse.newBuilder()
                        .setReady(metadata.ready(request.getName(), request.getVersion()))
                        .build());
    }

    @Override
    @Blocking
    public void serverMetadata(ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> responses) {
        answer(responses, metadata.server());
    }

    @Override
    @Blocking
    public void modelMetadata(ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> responses) {
        answer(responses, metadata.model(request.getName(), request.getVersion()));
    }

    @Override
    public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> responses) {
        FlowControlledStream.serve(
                responses,
                answer -> answer.send(inference.infer(request, stream -> {
                    answer.onCancel(stream::cancel);
                    stream.whenStopped(answer::stop);
                })));
    }

    private static <T> void answer(StreamObserver<T> responses, T response) {
        responses.onNext(response);
        responses.onCompleted();
    }
}
