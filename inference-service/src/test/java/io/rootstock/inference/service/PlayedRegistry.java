package io.rootstock.inference.service;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.rootstock.access.v1.Role;
import io.rootstock.names.VersionName;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.AliasCanary;
import io.rootstock.registry.v1.CanaryAnalysisSpec;
import io.rootstock.registry.v1.CanaryServiceGrpc;
import io.rootstock.registry.v1.GetCallerRequest;
import io.rootstock.registry.v1.GetCallerResponse;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.GetVersionResponse;
import io.rootstock.registry.v1.Grant;
import io.rootstock.registry.v1.IdentityServiceGrpc;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.ReportCanaryFiguresRequest;
import io.rootstock.registry.v1.ReportCanaryFiguresResponse;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.WatchAliasesRequest;
import io.rootstock.registry.v1.WatchAliasesResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A fake registry: the RPCs WatchAliases, GetVersion and GetCaller from memory; keeps the reports of canaries. */
final class PlayedRegistry extends ModelServiceGrpc.ModelServiceImplBase implements AutoCloseable {
    private final Map<String, WatchAliasesResponse> aliases = new TreeMap<>();
    private final Map<String, Version> versions = new ConcurrentHashMap<>();
    private final List<ReportCanaryFiguresRequest> reports = new CopyOnWriteArrayList<>();
    private final AtomicInteger watches = new AtomicInteger();
    private final List<StreamObserver<WatchAliasesResponse>> watchers = new ArrayList<>();
    private volatile Optional<GetCallerResponse> caller = Optional.empty();
    private final int port;
    private Server server;

    PlayedRegistry() throws IOException {
        server = start(0);
        port = server.getPort();
    }

    private Server start(int port) throws IOException {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .addService(this)
                .addService(new Reports())
                .addService(new Identities())
                .build()
                .start();
    }

    int port() {
        return port;
    }

    /** Stores a version that no alias points to. */
    void add(Version version) {
        versions.put(version.getName(), version);
    }

    /** Number of WatchAliases calls so far. */
    int watches() {
        return watches.get();
    }

    @Override
    public void getVersion(GetVersionRequest request, StreamObserver<GetVersionResponse> responses) {
        Version version = versions.get(request.getName());
        if (version == null) {
            responses.onError(Status.NOT_FOUND
                    .withDescription(request.getName() + " not found")
                    .asRuntimeException());
            return;
        }
        responses.onNext(GetVersionResponse.newBuilder().setVersion(version).build());
        responses.onCompleted();
    }

    /** Points models/{m}/aliases/production to the version and removes the canary. */
    void promote(Version version) {
        publish(WatchAliasesResponse.newBuilder().setAlias(alias(version)).setVersion(version));
    }

    /** Points the alias to the version and sets its canary. */
    void setCanary(Version version, Version canary, int percent, boolean shadow) {
        setCanary(version, canary, AliasCanary.newBuilder().setPercent(percent).setShadow(shadow));
    }

    /** Points the alias to the version and sets its canary, with an analysis. */
    void analyse(Version version, Version canary, int percent, boolean shadow) {
        setCanary(
                version,
                canary,
                AliasCanary.newBuilder()
                        .setPercent(percent)
                        .setShadow(shadow)
                        .setAnalysis(CanaryAnalysisSpec.newBuilder()
                                .addSteps(25)
                                .addSteps(60)
                                .setIntervalSeconds(2)));
    }

    private void setCanary(Version version, Version canary, AliasCanary.Builder with) {
        publish(WatchAliasesResponse.newBuilder()
                .setAlias(alias(version).setCanary(with.setVersion(canary.getName())))
                .setVersion(version)
                .setCanaryVersion(canary));
    }

    /** The reports of canaries, oldest first. */
    List<ReportCanaryFiguresRequest> reports() {
        return reports;
    }

    private final class Reports extends CanaryServiceGrpc.CanaryServiceImplBase {
        @Override
        public void reportCanaryFigures(
                ReportCanaryFiguresRequest request, StreamObserver<ReportCanaryFiguresResponse> responses) {
            reports.add(request);
            responses.onNext(
                    ReportCanaryFiguresResponse.newBuilder().setRunning(true).build());
            responses.onCompleted();
        }
    }

    /** Gives every token this caller; before, all tokens are unknown. */
    void admit(String name, Role role) {
        admit(name, role, "");
    }

    /** Gives every token a caller with the role for the resources with a prefix. */
    void admit(String name, Role role, String prefix) {
        caller = Optional.of(GetCallerResponse.newBuilder()
                .setName(name)
                .addGrants(Grant.newBuilder().setRole(role).setPrefix(prefix))
                .build());
    }

    private final class Identities extends IdentityServiceGrpc.IdentityServiceImplBase {
        @Override
        public void getCaller(GetCallerRequest request, StreamObserver<GetCallerResponse> responses) {
            Optional<GetCallerResponse> known = caller;
            if (known.isEmpty()) {
                responses.onError(Status.UNAUTHENTICATED.asRuntimeException());
                return;
            }
            responses.onNext(known.get());
            responses.onCompleted();
        }
    }

    private static Alias.Builder alias(Version version) {
        String model = VersionName.parse(version.getName()).modelName();
        return Alias.newBuilder().setName(model + "/aliases/production").setVersion(version.getName());
    }

    private synchronized void publish(WatchAliasesResponse.Builder change) {
        WatchAliasesResponse response = change.build();
        aliases.put(response.getAlias().getName(), response);
        watchers.forEach(watcher -> watcher.onNext(response));
    }

    /** Deletes all aliases, and forgets versions, reports and the caller. */
    synchronized void clear() {
        for (String alias : aliases.keySet()) {
            WatchAliasesResponse deleted =
                    WatchAliasesResponse.newBuilder().setDeletedAlias(alias).build();
            watchers.forEach(watcher -> watcher.onNext(deleted));
        }
        aliases.clear();
        versions.clear();
        reports.clear();
        caller = Optional.empty();
    }

    @Override
    public synchronized void watchAliases(WatchAliasesRequest request, StreamObserver<WatchAliasesResponse> responses) {
        watches.incrementAndGet();
        // A test may kill a watcher; the cancel handler removes its stream.
        ((ServerCallStreamObserver<WatchAliasesResponse>) responses).setOnCancelHandler(() -> remove(responses));
        aliases.values().forEach(responses::onNext);
        responses.onNext(WatchAliasesResponse.newBuilder().setSynchronized(true).build());
        watchers.add(responses);
    }

    private synchronized void remove(StreamObserver<WatchAliasesResponse> watcher) {
        watchers.remove(watcher);
    }

    /** Stops the server and closes all connections. */
    void stopServing() {
        server.shutdownNow();
    }

    /** Starts the server again on its previous port, with its aliases. */
    void startServing() throws IOException, InterruptedException {
        server.awaitTermination();
        server = start(port);
    }

    @Override
    public void close() {
        stopServing();
    }
}
