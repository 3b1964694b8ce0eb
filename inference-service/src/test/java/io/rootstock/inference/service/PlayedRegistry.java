package io.rootstock.inference.service;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.WatchAliasesRequest;
import io.rootstock.registry.v1.WatchAliasesResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The registry's watch of aliases, served over gRPC from memory. */
final class PlayedRegistry extends ModelServiceGrpc.ModelServiceImplBase implements AutoCloseable {
    private final Map<String, WatchAliasesResponse> aliases = new TreeMap<>();
    private final List<StreamObserver<WatchAliasesResponse>> watchers = new ArrayList<>();
    private final Server server;

    PlayedRegistry() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(this)
                .build()
                .start();
    }

    int port() {
        return server.getPort();
    }

    /** Points models/{m}/aliases/production at the version. */
    synchronized void promote(Version version) {
        String model = version.getName().substring(0, version.getName().indexOf("/versions/"));
        WatchAliasesResponse response = WatchAliasesResponse.newBuilder()
                .setAlias(Alias.newBuilder()
                        .setName(model + "/aliases/production")
                        .setVersion(version.getName()))
                .setVersion(version)
                .build();
        aliases.put(response.getAlias().getName(), response);
        watchers.forEach(watcher -> watcher.onNext(response));
    }

    @Override
    public synchronized void watchAliases(WatchAliasesRequest request, StreamObserver<WatchAliasesResponse> responses) {
        aliases.values().forEach(responses::onNext);
        responses.onNext(WatchAliasesResponse.newBuilder().setSynchronized(true).build());
        watchers.add(responses);
    }

    /** Goes away, with all its connections. */
    void goAway() {
        server.shutdownNow();
    }

    @Override
    public void close() {
        goAway();
    }
}
