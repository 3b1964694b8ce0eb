package io.rootstock.inference.registry;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.rootstock.inference.config.RegistrySettings;
import io.rootstock.registry.v1.FileServiceGrpc;
import io.rootstock.registry.v1.FineTuningServiceGrpc;
import io.rootstock.registry.v1.JobServiceGrpc;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.service.Errors;
import io.rootstock.service.GrpcChannels;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Clients of the registry's services. The calls end with the current gRPC context, so with the client's request. */
@ApplicationScoped
public class RegistryClient {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final ManagedChannel channel;

    /** For the client proxy of the CDI container. */
    RegistryClient() {
        channel = null;
    }

    @Inject
    RegistryClient(RegistrySettings settings, GrpcChannels channels) {
        channel = channels.open(
                settings.endpoint(),
                FileServiceGrpc.getServiceDescriptor(),
                FineTuningServiceGrpc.getServiceDescriptor(),
                JobServiceGrpc.getServiceDescriptor(),
                ModelServiceGrpc.getServiceDescriptor());
    }

    /** FileService, for calls that answer at once. */
    public FileServiceGrpc.FileServiceBlockingStub files() {
        return FileServiceGrpc.newBlockingStub(channel).withDeadlineAfter(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** FileService, for streams and calls of any length. */
    public FileServiceGrpc.FileServiceBlockingV2Stub fileStreams() {
        return FileServiceGrpc.newBlockingV2Stub(channel);
    }

    /** FineTuningService, for calls that answer at once. */
    public FineTuningServiceGrpc.FineTuningServiceBlockingStub fineTuning() {
        return FineTuningServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** JobService, for streams. */
    public JobServiceGrpc.JobServiceBlockingV2Stub jobStreams() {
        return JobServiceGrpc.newBlockingV2Stub(channel);
    }

    /** ModelService, for calls that answer at once. */
    public ModelServiceGrpc.ModelServiceBlockingStub models() {
        return ModelServiceGrpc.newBlockingStub(channel).withDeadlineAfter(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Runs a call.
     *
     * @throws StatusRuntimeException the registry's error, or REGISTRY_UNAVAILABLE if it cannot be reached
     */
    public static <T> T call(Supplier<T> call) {
        try {
            return call.get();
        } catch (StatusRuntimeException e) {
            throw named(e);
        }
    }

    /** The error of a failed stream, as of {@link #call}. */
    public static StatusRuntimeException error(StatusException failure) {
        return named(failure.getStatus().asRuntimeException(failure.getTrailers()));
    }

    private static StatusRuntimeException named(StatusRuntimeException failure) {
        return failure.getStatus().getCode() == Status.Code.UNAVAILABLE
                ? Errors.unavailable("REGISTRY_UNAVAILABLE", "the registry is unavailable; try again")
                : failure;
    }

    @PreDestroy
    void close() {
        channel.shutdownNow();
    }
}
