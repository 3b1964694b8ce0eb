package io.rootstock.bench.service;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.names.AliasName;
import io.rootstock.names.VersionName;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.WatchAliasesRequest;
import io.rootstock.registry.v1.WatchAliasesResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** Registry stub: its alias watch reports versions that stay in production. */
public final class FixedRegistry extends ModelServiceGrpc.ModelServiceImplBase implements AutoCloseable {
    private final List<Version> versions;
    private final Server server;

    /** Starts the stub on a free port. */
    public FixedRegistry(List<Version> versions) throws IOException {
        this.versions = List.copyOf(versions);
        this.server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(this)
                .build()
                .start();
    }

    /** Port on loopback. */
    public int port() {
        return server.getPort();
    }

    @Override
    public void watchAliases(WatchAliasesRequest request, StreamObserver<WatchAliasesResponse> responses) {
        for (Version version : versions) {
            String model = VersionName.parse(version.getName()).model();
            responses.onNext(WatchAliasesResponse.newBuilder()
                    .setAlias(Alias.newBuilder()
                            .setName(new AliasName(model, request.getAlias()).toString())
                            .setVersion(version.getName()))
                    .setVersion(version)
                    .build());
        }
        // The stream stays open: aliases never change.
        responses.onNext(WatchAliasesResponse.newBuilder().setSynchronized(true).build());
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
