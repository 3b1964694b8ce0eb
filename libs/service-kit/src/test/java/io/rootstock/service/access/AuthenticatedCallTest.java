package io.rootstock.service.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.access.v1.Role;
import io.rootstock.service.ErrorDetails;
import io.rootstock.service.Errors;
import io.rootstock.service.FlowControlledStream;
import io.rootstock.service.access.Caller.Grant;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuthenticatedCallTest {
    private static final Caller ALICE = new Caller("users/alice", List.of(), Optional.empty());
    private static final Caller ADMIN =
            new Caller("users/alice", List.of(new Grant(Role.ROLE_ADMIN, "")), Optional.empty());

    private final AtomicReference<CompletableFuture<Caller>> lookup =
            new AtomicReference<>(CompletableFuture.completedFuture(ALICE));
    private final CountDownLatch streamEnded = new CountDownLatch(1);
    private Server server;
    private ManagedChannel channel;

    /** Sends messages until the call ends. */
    private final class EndlessStream extends HealthGrpc.HealthImplBase {
        @Override
        public void watch(HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
            FlowControlledStream.serve(observer, stream -> {
                try {
                    while (true) {
                        stream.send(HealthCheckResponse.getDefaultInstance());
                    }
                } finally {
                    streamEnded.countDown();
                }
            });
        }
    }

    private final class Authenticated implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            return next.startCall(new AuthenticatedCall<>(call, ALICE, lookup::get, Duration.ZERO), headers);
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(ServerInterceptors.intercept(new EndlessStream(), new Authenticated()))
                .build()
                .start();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    @Test
    void aStreamEndsWhenItsTokenIsRevoked() throws InterruptedException {
        Iterator<HealthCheckResponse> messages = watch();
        assertThat(messages.next()).isNotNull();
        lookup.set(CompletableFuture.failedFuture(Errors.unauthenticated("the access token is revoked")));
        StatusRuntimeException end = end(messages);
        assertThat(end.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(streamEnded.await(1, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void aStreamEndsWhenTheRolesOfItsCallerChange() throws InterruptedException {
        Iterator<HealthCheckResponse> messages = watch();
        assertThat(messages.next()).isNotNull();
        lookup.set(CompletableFuture.completedFuture(ADMIN));
        StatusRuntimeException end = end(messages);
        assertThat(end.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(ErrorDetails.reason(end)).contains("ROLES_CHANGED");
        assertThat(streamEnded.await(1, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void aStreamContinuesWhileItsCallerCannotBeLookedUp() {
        lookup.set(CompletableFuture.failedFuture(Errors.resourceExhausted("TOO_MANY_NEW_TOKENS", Duration.ZERO)));
        Iterator<HealthCheckResponse> messages = watch();
        for (int i = 0; i < 1000; i++) {
            assertThat(messages.next()).isNotNull();
        }
        lookup.set(new CompletableFuture<>());
        for (int i = 0; i < 1000; i++) {
            assertThat(messages.next()).isNotNull();
        }
    }

    private Iterator<HealthCheckResponse> watch() {
        return HealthGrpc.newBlockingStub(channel).watch(HealthCheckRequest.getDefaultInstance());
    }

    private static StatusRuntimeException end(Iterator<HealthCheckResponse> messages) {
        return catchThrowableOfType(StatusRuntimeException.class, () -> messages.forEachRemaining(message -> {}));
    }
}
