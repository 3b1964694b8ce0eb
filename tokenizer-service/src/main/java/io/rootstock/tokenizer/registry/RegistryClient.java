package io.rootstock.tokenizer.registry;

import com.google.protobuf.Timestamp;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.registry.v1.ReleaseResourceRequest;
import io.rootstock.registry.v1.ReleaseResourceResponse;
import io.rootstock.registry.v1.ResourceServiceGrpc;
import io.rootstock.service.Errors;
import io.rootstock.service.GrpcChannels;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Client of the registry; it connects at its first call. */
@ApplicationScoped
public class RegistryClient implements Registry {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final ManagedChannel channel;

    @Inject
    RegistryClient(GrpcChannels channels, RegistrySettings settings) {
        channel = channels.open(settings.endpoint(), ResourceServiceGrpc.getServiceDescriptor());
    }

    @Override
    public void release(String name, Timestamp createTime) {
        try {
            ReleaseResourceResponse _ = ResourceServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .releaseResource(ReleaseResourceRequest.newBuilder()
                            .setName(name)
                            .setCreateTime(createTime)
                            .build());
        } catch (StatusRuntimeException e) {
            Status.Code code = e.getStatus().getCode();
            if (code == Status.Code.UNAVAILABLE || code == Status.Code.DEADLINE_EXCEEDED) {
                throw Errors.unavailable(
                        "REGISTRY_UNAVAILABLE",
                        name + " is not deleted: the registry, which knows what refers to it, is unavailable; start it"
                                + " and try again");
            }
            throw e;
        }
    }

    @PreDestroy
    void close() {
        channel.shutdownNow();
    }
}
