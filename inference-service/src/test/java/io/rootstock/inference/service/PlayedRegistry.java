package io.rootstock.inference.service;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.AliasCandidate;
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
    private final int port;
    private Server server;

    PlayedRegistry() throws IOException {
        server = start(0);
        port = server.getPort();
    }

    private Server start(int port) throws IOException {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .addService(this)
                .build()
                .start();
    }

    int port() {
        return port;
    }

    /** Points models/{m}/aliases/production at the version; no other is on trial from now on. */
    void promote(Version version) {
        tell(WatchAliasesResponse.newBuilder().setAlias(alias(version)).setVersion(version));
    }

    /** Puts a candidate on trial beside the version that the alias points to. */
    void tryOut(Version version, Version candidate, int percent, boolean shadow) {
        tell(WatchAliasesResponse.newBuilder()
                .setAlias(alias(version)
                        .setCandidate(AliasCandidate.newBuilder()
                                .setVersion(candidate.getName())
                                .setPercent(percent)
                                .setShadow(shadow)))
                .setVersion(version)
                .setCandidateVersion(candidate));
    }

    private static Alias.Builder alias(Version version) {
        String model = version.getName().substring(0, version.getName().indexOf("/versions/"));
        return Alias.newBuilder().setName(model + "/aliases/production").setVersion(version.getName());
    }

    private synchronized void tell(WatchAliasesResponse.Builder news) {
        WatchAliasesResponse response = news.build();
        aliases.put(response.getAlias().getName(), response);
        watchers.forEach(watcher -> watcher.onNext(response));
    }

    @Override
    public synchronized void watchAliases(WatchAliasesRequest request, StreamObserver<WatchAliasesResponse> responses) {
        // A watcher may be killed; what it is told after that is lost.
        ((ServerCallStreamObserver<WatchAliasesResponse>) responses).setOnCancelHandler(() -> leave(responses));
        aliases.values().forEach(responses::onNext);
        responses.onNext(WatchAliasesResponse.newBuilder().setSynchronized(true).build());
        watchers.add(responses);
    }

    private synchronized void leave(StreamObserver<WatchAliasesResponse> watcher) {
        watchers.remove(watcher);
    }

    /** Goes away, with all its connections. */
    void goAway() {
        server.shutdownNow();
    }

    /** Comes back where it was, knowing what it knew. */
    void comeBack() throws IOException, InterruptedException {
        server.awaitTermination();
        server = start(port);
    }

    @Override
    public void close() {
        goAway();
    }
}
