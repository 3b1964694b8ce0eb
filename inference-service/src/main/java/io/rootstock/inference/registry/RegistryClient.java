package io.rootstock.inference.registry;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.rootstock.inference.config.RegistrySettings;
import io.rootstock.registry.v1.FileServiceGrpc;
import io.rootstock.registry.v1.FineTuningServiceGrpc;
import io.rootstock.registry.v1.JobServiceGrpc;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.service.BearerToken;
import io.rootstock.service.Errors;
import io.rootstock.service.GrpcChannels;
import io.rootstock.service.access.CallerToken;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Clients of the registry's services. The calls end with the current gRPC context, so with the client's request, and
 * carry the token of its caller.
 */
@ApplicationScoped
public class RegistryClient {
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);

    private final ManagedChannel channel;
    private final Channel calls;

    /** For the client proxy of the CDI container. */
    RegistryClient() {
        channel = null;
        calls = null;
    }

    @Inject
    RegistryClient(RegistrySettings settings, GrpcChannels channels, BearerToken token) {
        channel = channels.openWithoutToken(
                settings.endpoint(),
                FileServiceGrpc.getServiceDescriptor(),
                FineTuningServiceGrpc.getServiceDescriptor(),
                JobServiceGrpc.getServiceDescriptor(),
                ModelServiceGrpc.getServiceDescriptor());
        calls = ClientInterceptors.intercept(channel, new CallerToken(token));
    }

    /** FileService, for calls that answer at once. */
    public FileServiceGrpc.FileServiceBlockingStub files() {
        return FileServiceGrpc.newBlockingStub(calls).withDeadlineAfter(CALL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** FileService, for streams and calls of any length. */
    public FileServiceGrpc.FileServiceBlockingV2Stub fileStreams() {
        return FileServiceGrpc.newBlockingV2Stub(calls);
    }

    /** FineTuningService, for calls that answer at once. */
    public FineTuningServiceGrpc.FineTuningServiceBlockingStub fineTuning() {
        return FineTuningServiceGrpc.newBlockingStub(calls)
                .withDeadlineAfter(CALL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** JobService, for streams. */
    public JobServiceGrpc.JobServiceBlockingV2Stub jobStreams() {
        return JobServiceGrpc.newBlockingV2Stub(calls);
    }

    /** ModelService, for calls that answer at once. */
    public ModelServiceGrpc.ModelServiceBlockingStub models() {
        return ModelServiceGrpc.newBlockingStub(calls)
                .withDeadlineAfter(CALL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
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
