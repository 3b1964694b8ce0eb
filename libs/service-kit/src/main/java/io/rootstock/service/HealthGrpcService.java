package io.rootstock.service;

import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;

/**
 * grpc.health.v1 for the names that {@link ServiceHealth} knows. Each watch polls several times per second, so changes
 * need not be reported; polling ends with the watch. While the service stops, no name accepts requests, except those of {@link
 * ServiceHealth#isLive}.
 */
@GrpcService
public class HealthGrpcService extends HealthGrpc.HealthImplBase {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    /** The protocol's SERVICE_UNKNOWN, which the framework's generated classes lack. */
    private static final int SERVICE_UNKNOWN = 3;

    private static final int NOTHING = -1;

    private final ServiceHealth health;
    private final ShutdownState shutdown;

    @Inject
    HealthGrpcService(ServiceHealth health, ShutdownState shutdown) {
        this.health = health;
        this.shutdown = shutdown;
    }

    @Override
    @Blocking
    public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> responses) {
        boolean serves = find(request.getService())
                .orElseThrow(
                        () -> Errors.notFound(
                                request.getService(),
                                "known names: those of gRPC services, which server reflection lists, and of the inference service models/{model}"));
        responses.onNext(HealthCheckResponse.newBuilder()
                .setStatus(serves ? ServingStatus.SERVING : ServingStatus.NOT_SERVING)
                .build());
        responses.onCompleted();
    }

    @Override
    public void watch(HealthCheckRequest request, StreamObserver<HealthCheckResponse> responses) {
        FlowControlledStream.serve(responses, stream -> {
            stream.onCancel(Thread.currentThread()::interrupt);
            int told = NOTHING;
            while (!stream.isCancelled()) {
                int now = status(request.getService());
                if (now != told) {
                    stream.send(
                            HealthCheckResponse.newBuilder().setStatusValue(now).build());
                    told = now;
                }
                Thread.sleep(BETWEEN_LOOKS);
            }
        });
    }

    private Optional<Boolean> find(String service) {
        return health.of(service).map(serves -> serves && (!shutdown.hasBegun() || health.isLive(service)));
    }

    /** A watch may wait for a service that does not exist yet. */
    private int status(String service) {
        return find(service)
                .map(serves -> serves ? ServingStatus.SERVING_VALUE : ServingStatus.NOT_SERVING_VALUE)
                .orElse(SERVICE_UNKNOWN);
    }
}
