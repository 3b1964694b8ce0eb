package io.rootstock.service.access;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.quarkus.arc.DefaultBean;
import io.rootstock.client.TokenCredentials;
import io.rootstock.registry.v1.GetCallerRequest;
import io.rootstock.registry.v1.GetCallerResponse;
import io.rootstock.registry.v1.IdentityServiceGrpc;
import io.rootstock.service.CommonSettings;
import io.rootstock.service.Errors;
import io.rootstock.service.GrpcChannels;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Callers as the registry knows them: asks it with the caller's own token. */
@ApplicationScoped
@DefaultBean
class RegistryCallers implements CallerSource {
    private static final Duration FRESHNESS = Duration.ofSeconds(30);
    private static final long DEADLINE_SECONDS = 5;

    private final Optional<ManagedChannel> channel;

    private final KnownCallers others;

    @Inject
    RegistryCallers(CommonSettings settings, GrpcChannels channels, KnownCallers others) {
        this.others = others;
        channel = settings.auth().registryEndpoint().map(channels::openWithoutToken);
    }

    @PreDestroy
    void close() {
        channel.ifPresent(ManagedChannel::shutdownNow);
    }

    @Override
    public Duration freshness() {
        return FRESHNESS;
    }

    @Override
    public Optional<Caller> find(String token) {
        if (channel.isEmpty()) {
            return Optional.empty();
        }
        Metadata headers = new Metadata();
        headers.put(TokenCredentials.AUTHORIZATION, TokenCredentials.SCHEME + token);
        try {
            GetCallerResponse response = IdentityServiceGrpc.newBlockingStub(channel.get())
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .getCaller(GetCallerRequest.getDefaultInstance());
            return Optional.of(Caller.of(response));
        } catch (StatusRuntimeException e) {
            // A registry without access tokens does not implement the service.
            if (e.getStatus().getCode() == Status.Code.UNAUTHENTICATED
                    || e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
                return Optional.empty();
            }
            throw Errors.unavailable(
                    "IDENTITY_UNAVAILABLE",
                    "the registry, which knows the access tokens, cannot be reached; try again");
        }
    }

    @Override
    public Optional<KnownCaller> known(String hash) {
        return others.find(hash);
    }
}
