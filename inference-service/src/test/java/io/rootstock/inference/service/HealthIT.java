package io.rootstock.inference.service;

import static io.rootstock.inference.service.ServingFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import io.rootstock.inference.openinference.GRPCInferenceServiceGrpc;
import io.rootstock.inference.openinference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.rootstock.inference.openinference.ModelMetadataRequest;
import io.rootstock.inference.openinference.ModelMetadataResponse;
import io.rootstock.inference.openinference.ModelReadyRequest;
import io.rootstock.inference.openinference.ServerLiveRequest;
import io.rootstock.inference.openinference.ServerMetadataRequest;
import io.rootstock.inference.openinference.ServerReadyRequest;
import io.rootstock.inference.v1.ControlServiceGrpc;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.llama.TinyModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Health, reflection and the Open Inference Protocol of the packaged service. */
@Timeout(300)
class HealthIT {
    @TempDir
    static Path scratch;

    private static ServingFixture serving;

    @BeforeAll
    static void start() {
        serving = ServingFixture.shared(scratch);
        serving.serve("base", TinyModel.reciting("abc"));
    }

    @AfterAll
    static void stop() {
        serving.close();
    }

    private static HealthGrpc.HealthBlockingStub health() {
        return HealthGrpc.newBlockingStub(serving.service.channel()).withDeadlineAfter(120, TimeUnit.SECONDS);
    }

    private static HealthCheckRequest request(String name) {
        return HealthCheckRequest.newBuilder().setService(name).build();
    }

    @Test
    void everyServiceAndEveryServedModelIsHealthy() {
        for (String name : new String[] {
            "",
            InferenceServiceGrpc.SERVICE_NAME,
            ControlServiceGrpc.SERVICE_NAME,
            GRPCInferenceServiceGrpc.SERVICE_NAME,
            "models/base",
            "models/base@production"
        }) {
            assertThat(health().check(request(name)).getStatus()).as(name).isEqualTo(ServingStatus.SERVING);
        }
        assertThat(refusal(() -> health().check(request("models/unknown")))).startsWith("NOT_FOUND");
        assertThat(refusal(() -> health().check(request("some.other.Service")))).startsWith("NOT_FOUND");
    }

    @Test
    void aWatchReportsANewModel() {
        Iterator<HealthCheckResponse> watch = health().watch(request("models/late"));
        // SERVICE_UNKNOWN; the stub's enum lacks it.
        assertThat(watch.next().getStatusValue()).isEqualTo(3);
        serving.serve("late", TinyModel.reciting("abc"));
        HealthCheckResponse next = watch.next();
        while (next.getStatus() != ServingStatus.SERVING) {
            assertThat(next.getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
            next = watch.next();
        }
    }

    @Test
    void aModelThatFailsToLoadIsKnownAndNotServing() throws IOException {
        serving.promoteInvalid("noise", 1);
        assertThat(health().check(request("models/noise")).getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
        assertThat(health().check(request("")).getStatus()).isEqualTo(ServingStatus.SERVING);
        GRPCInferenceServiceBlockingStub calls = GRPCInferenceServiceGrpc.newBlockingStub(serving.service.channel())
                .withDeadlineAfter(120, TimeUnit.SECONDS);
        assertThat(calls.modelReady(
                                ModelReadyRequest.newBuilder().setName("noise").build())
                        .getReady())
                .isFalse();
        assertThat(refusal(() -> calls.modelMetadata(
                        ModelMetadataRequest.newBuilder().setName("noise").build())))
                .isEqualTo("UNAVAILABLE LOAD_FAILED");
    }

    @Test
    void reflectionListsTheServices() {
        CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> requests = ServerReflectionGrpc.newStub(serving.service.channel())
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse response) {
                        answer.complete(response);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {
                        answer.completeExceptionally(new AssertionError("no answer"));
                    }
                });
        requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        assertThat(answer.orTimeout(120, TimeUnit.SECONDS)
                        .join()
                        .getListServicesResponse()
                        .getServiceList())
                .extracting(ServiceResponse::getName)
                .contains(
                        InferenceServiceGrpc.SERVICE_NAME,
                        ControlServiceGrpc.SERVICE_NAME,
                        GRPCInferenceServiceGrpc.SERVICE_NAME,
                        "grpc.health.v1.Health");
        requests.onCompleted();
    }

    @Test
    void theOpenInferenceProtocolIsAnswered() {
        GRPCInferenceServiceBlockingStub calls = GRPCInferenceServiceGrpc.newBlockingStub(serving.service.channel())
                .withDeadlineAfter(120, TimeUnit.SECONDS);
        assertThat(calls.serverLive(ServerLiveRequest.getDefaultInstance()).getLive())
                .isTrue();
        assertThat(calls.serverReady(ServerReadyRequest.getDefaultInstance()).getReady())
                .isTrue();
        assertThat(calls.serverMetadata(ServerMetadataRequest.getDefaultInstance())
                        .getName())
                .isEqualTo("inference-service");
        ModelReadyRequest base = ModelReadyRequest.newBuilder().setName("base").build();
        assertThat(calls.modelReady(base).getReady()).isTrue();
        assertThat(calls.modelReady(base.toBuilder().setVersion("1").build()).getReady())
                .isTrue();
        assertThat(calls.modelReady(base.toBuilder().setVersion("2").build()).getReady())
                .isFalse();
        ModelMetadataResponse metadata = calls.modelMetadata(
                ModelMetadataRequest.newBuilder().setName("models/base").build());
        assertThat(metadata.getName()).isEqualTo("models/base");
        assertThat(metadata.getVersionsList()).containsExactly("1");
        assertThat(metadata.getPlatform()).isEqualTo("llama.cpp");
        assertThat(metadata.getPropertiesMap())
                .containsEntry("kind", "base")
                .containsEntry("context_length", Integer.toString(TinyModel.CONTEXT))
                .containsEntry("vocabulary_size", Integer.toString(TinyModel.VOCABULARY));
        assertThat(calls.modelReady(ModelReadyRequest.newBuilder()
                                .setName("unknown")
                                .build())
                        .getReady())
                .isFalse();
        assertThat(refusal(() -> calls.modelMetadata(ModelMetadataRequest.newBuilder()
                        .setName("base")
                        .setVersion("7")
                        .build())))
                .startsWith("NOT_FOUND");
    }
}
