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
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Callers as the registry knows them: asks it with the caller's own token. */
@ApplicationScoped
@DefaultBean
class RegistryCallers implements CallerSource {
    private static final Duration FRESHNESS = Duration.ofSeconds(30);
    private static final long DEADLINE_SECONDS = 5;

    private final Optional<ManagedChannel> channel;

    @Inject
    RegistryCallers(CommonSettings settings, GrpcChannels channels) {
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
            return Optional.of(caller(response));
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

    private static Caller caller(GetCallerResponse response) {
        return new Caller(
                response.getName(),
                response.getGrantsList().stream()
                        .map(grant -> new Grant(grant.getRole(), grant.getPrefix()))
                        .toList(),
                response.hasExpireTime()
                        ? Optional.of(Instant.ofEpochSecond(
                                response.getExpireTime().getSeconds(),
                                response.getExpireTime().getNanos()))
                        : Optional.empty());
    }
}
