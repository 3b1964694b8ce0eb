package io.rootstock.inference.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.inference.health.Availability;
import io.rootstock.inference.infer.Inference;
import io.rootstock.inference.model.LoadedModel;
import io.rootstock.inference.openinference.GRPCInferenceServiceGrpc;
import io.rootstock.inference.openinference.ModelInferRequest;
import io.rootstock.inference.openinference.ModelInferResponse;
import io.rootstock.inference.openinference.ModelMetadataRequest;
import io.rootstock.inference.openinference.ModelMetadataResponse;
import io.rootstock.inference.openinference.ModelMetadataResponse.TensorMetadata;
import io.rootstock.inference.openinference.ModelReadyRequest;
import io.rootstock.inference.openinference.ModelReadyResponse;
import io.rootstock.inference.openinference.ServerLiveRequest;
import io.rootstock.inference.openinference.ServerLiveResponse;
import io.rootstock.inference.openinference.ServerMetadataRequest;
import io.rootstock.inference.openinference.ServerMetadataResponse;
import io.rootstock.inference.openinference.ServerReadyRequest;
import io.rootstock.inference.openinference.ServerReadyResponse;
import io.rootstock.inference.serving.AliasStatus;
import io.rootstock.inference.session.ModelAccess;
import io.rootstock.inference.session.Session;
import io.rootstock.names.VersionName;
import io.rootstock.service.Errors;
import io.rootstock.service.FlowControlledStream;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The Open Inference Protocol's RPCs, as KServe and its clients use them. */
@GrpcService
public class OpenInferenceGrpcService extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {
    private static final String PLATFORM = "llama.cpp";

    private final Availability availability;
    private final ModelAccess access;
    private final Inference inference;
    private final String name;
    private final String version;

    @Inject
    OpenInferenceGrpcService(
            Availability availability,
            ModelAccess access,
            Inference inference,
            @ConfigProperty(name = "quarkus.application.name") String name,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.availability = availability;
        this.access = access;
        this.inference = inference;
        this.name = name;
        this.version = version;
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
        AliasStatus status = availability.model(request.getName()).orElseThrow(() -> unknown(request.getName()));
        boolean asked =
                request.getVersion().isEmpty() || number(status.version()).equals(request.getVersion());
        answer(
                responses,
                ModelReadyResponse.newBuilder()
                        .setReady(asked && availability.ready(status))
                        .build());
    }

    @Override
    @Blocking
    public void serverMetadata(ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> responses) {
        answer(
                responses,
                ServerMetadataResponse.newBuilder()
                        .setName(name)
                        .setVersion(version)
                        .build());
    }

    @Override
    @Blocking
    public void modelMetadata(ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> responses) {
        try (Session session = access.open(request.getName())) {
            String number = number(session.version());
            if (!request.getVersion().isEmpty() && !request.getVersion().equals(number)) {
                throw Errors.notFound(
                        request.getName() + " version " + request.getVersion(), "version " + number + " is served");
            }
            answer(responses, metadata(session.model(), number));
        }
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

    private static ModelMetadataResponse metadata(LoadedModel model, String number) {
        String full = model.version().name();
        ModelMetadataResponse.Builder response = ModelMetadataResponse.newBuilder()
                .setName(VersionName.parse(full).modelName())
                .addVersions(number)
                .setPlatform(PLATFORM)
                .putProperties("kind", model.version().kind().label())
                .putProperties("context_length", Integer.toString(model.contextLength()))
                .putProperties(
                        "vocabulary_size", Integer.toString(model.tokenizer().vocabularySize()));
        model.classifier()
                .ifPresentOrElse(
                        classifier -> response.addInputs(tensor(Inference.TEXTS, "BYTES", -1))
                                .addOutputs(tensor(Inference.LABELS, "BYTES", -1))
                                .addOutputs(tensor(
                                        Inference.PROBABILITIES,
                                        "FP64",
                                        -1,
                                        classifier.labels().size())),
                        () -> response.addInputs(tensor(Inference.PROMPTS, "BYTES", -1))
                                .addOutputs(tensor(Inference.COMPLETIONS, "BYTES", -1))
                                .addOutputs(tensor(Inference.FINISH_REASONS, "BYTES", -1)));
        return response.build();
    }

    private static TensorMetadata tensor(String name, String type, long... shape) {
        TensorMetadata.Builder tensor =
                TensorMetadata.newBuilder().setName(name).setDatatype(type);
        for (long size : shape) {
            tensor.addShape(size);
        }
        return tensor.build();
    }

    /** Maps models/{m}/versions/{n} to n. */
    private static String number(String version) {
        return Long.toString(VersionName.parse(version).number());
    }

    private static RuntimeException unknown(String model) {
        return Errors.notFound(model, "ListServedModels lists the served models");
    }

    private static <T> void answer(StreamObserver<T> responses, T response) {
        responses.onNext(response);
        responses.onCompleted();
    }
}
