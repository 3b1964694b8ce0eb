package io.rootstock.cli.client;

import io.grpc.CallCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.installation.Service;
import io.rootstock.inference.v1.ControlServiceGrpc;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.registry.v1.JobServiceGrpc;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.tokenizer.v1.DatasetServiceGrpc;
import io.rootstock.tokenizer.v1.SourceServiceGrpc;
import io.rootstock.tokenizer.v1.TokenizerServiceGrpc;
import io.rootstock.trainer.v1.TrainerServiceGrpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** gRPC stubs of all services; one channel per service, opened at the first call. */
public final class Clients implements AutoCloseable {
    private static final int MAX_MESSAGE_BYTES = 16 << 20;
    private static final int KEEP_ALIVE_SECONDS = 60;

    private final Endpoints endpoints;
    private final Map<Service, ManagedChannel> channels = new EnumMap<>(Service.class);

    public Clients(Endpoints endpoints) {
        this.endpoints = endpoints;
    }

    public TokenizerServiceGrpc.TokenizerServiceBlockingStub tokenizers() {
        return TokenizerServiceGrpc.newBlockingStub(channel(Service.TOKENIZER)).withCallCredentials(token());
    }

    public DatasetServiceGrpc.DatasetServiceBlockingStub datasets() {
        return DatasetServiceGrpc.newBlockingStub(channel(Service.TOKENIZER)).withCallCredentials(token());
    }

    public SourceServiceGrpc.SourceServiceStub sources() {
        return SourceServiceGrpc.newStub(channel(Service.TOKENIZER)).withCallCredentials(token());
    }

    public TrainerServiceGrpc.TrainerServiceBlockingStub trainer() {
        return TrainerServiceGrpc.newBlockingStub(channel(Service.TRAINER)).withCallCredentials(token());
    }

    TrainerServiceGrpc.TrainerServiceStub imports() {
        return TrainerServiceGrpc.newStub(channel(Service.TRAINER)).withCallCredentials(token());
    }

    public JobServiceGrpc.JobServiceBlockingStub jobs() {
        return JobServiceGrpc.newBlockingStub(channel(Service.REGISTRY)).withCallCredentials(token());
    }

    public ModelServiceGrpc.ModelServiceBlockingStub models() {
        return ModelServiceGrpc.newBlockingStub(channel(Service.REGISTRY)).withCallCredentials(token());
    }

    public InferenceServiceGrpc.InferenceServiceBlockingStub inference() {
        return InferenceServiceGrpc.newBlockingStub(channel(Service.INFERENCE)).withCallCredentials(token());
    }

    /** Control of the inference service: load, adapters, drain. */
    public ControlServiceGrpc.ControlServiceBlockingStub serving() {
        return ControlServiceGrpc.newBlockingStub(channel(Service.INFERENCE)).withCallCredentials(token());
    }

    /** The endpoint of a service, host:port. */
    public String address(Service service) {
        return endpoints.addresses().get(service);
    }

    @Override
    public void close() {
        synchronized (channels) {
            channels.values().forEach(ManagedChannel::shutdownNow);
            channels.clear();
        }
    }

    private ManagedChannel channel(Service service) {
        synchronized (channels) {
            return channels.computeIfAbsent(service, this::open);
        }
    }

    private ManagedChannel open(Service service) {
        NettyChannelBuilder builder = NettyChannelBuilder.forTarget(address(service))
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
        if (endpoints.certificateAuthority().isEmpty()) {
            return builder.usePlaintext().build();
        }
        Path authority = endpoints.certificateAuthority().get();
        try {
            return builder.sslContext(GrpcSslContexts.forClient()
                            .trustManager(authority.toFile())
                            .build())
                    .build();
        } catch (IOException | IllegalArgumentException unusable) {
            throw new CliException(
                    "invalid certificates in " + authority + ": " + unusable.getMessage(),
                    "set --certificate-authority to a readable PEM file");
        }
    }

    private CallCredentials token() {
        return endpoints.tokenFile().map(Clients::bearer).orElse(null);
    }

    private static CallCredentials bearer(Path file) {
        String token;
        try {
            token = Files.readString(file).strip();
        } catch (IOException unreadable) {
            throw new CliException(
                    "cannot read the token file " + file + ": " + unreadable.getMessage(),
                    "set --token-file or ROOTSTOCK_AUTH_TOKEN_FILE to a readable file");
        }
        return new CallCredentials() {
            @Override
            public void applyRequestMetadata(RequestInfo request, Executor executor, MetadataApplier applier) {
                try {
                    Metadata headers = new Metadata();
                    headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
                    applier.apply(headers);
                } catch (IllegalArgumentException notAscii) {
                    applier.fail(Status.UNAUTHENTICATED.withDescription("invalid token: not ASCII"));
                }
            }
        };
    }
}
