package io.rootstock.tokenizer.grpc;

import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.rootstock.registry.v1.ReleaseResourceRequest;
import io.rootstock.registry.v1.ReleaseResourceResponse;
import io.rootstock.registry.v1.ResourceServiceGrpc;
import io.rootstock.service.Errors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A fake of the registry that records released resources; those whose name contains {@code used} are refused. */
public final class FakeRegistry implements QuarkusTestResourceLifecycleManager {
    private static final List<String> RELEASED = new CopyOnWriteArrayList<>();

    private Server server;

    /** Names of the released resources, in order. */
    static List<String> released() {
        return List.copyOf(RELEASED);
    }

    @Override
    public Map<String, String> start() {
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .addService(new Resources())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of("rootstock.registry.endpoint", "127.0.0.1:" + server.getPort());
    }

    @Override
    public void stop() {
        server.shutdownNow();
    }

    private static final class Resources extends ResourceServiceGrpc.ResourceServiceImplBase {
        @Override
        public void releaseResource(ReleaseResourceRequest request, StreamObserver<ReleaseResourceResponse> observer) {
            if (request.getName().contains("used") || !request.hasCreateTime()) {
                StatusRuntimeException refusal =
                        Errors.failedPrecondition("STILL_REFERENCED", request.getName() + " is used by jobs/one");
                observer.onError(refusal);
                return;
            }
            RELEASED.add(request.getName());
            observer.onNext(ReleaseResourceResponse.getDefaultInstance());
            observer.onCompleted();
        }
    }
}
