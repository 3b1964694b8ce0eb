package io.rootstock.service.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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
import io.rootstock.service.Errors;
import io.rootstock.service.FlowControlledStream;
import io.rootstock.service.access.Caller.Grant;
import io.rootstock.trainer.v1.CreateGgufRequest;
import io.rootstock.trainer.v1.CreateGgufResponse;
import io.rootstock.trainer.v1.TrainerServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditedCallTest {
    private static final Caller ADMIN =
            new Caller("users/alice", List.of(new Grant(Role.ROLE_ADMIN, "")), Optional.empty());

    private final AtomicReference<CompletableFuture<Caller>> lookup =
            new AtomicReference<>(CompletableFuture.completedFuture(ADMIN));
    private final BlockingQueue<String> begun = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
    private Server server;
    private ManagedChannel channel;

    private final class Log implements AuditLog {
        @Override
        public long begin(Entry entry) {
            begun.add(entry.principal() + " " + entry.method());
            return 7;
        }

        @Override
        public void end(long number, String status, String after) {
            ended.add(number + " " + status);
        }
    }

    /** Sends messages until the call ends. */
    private static final class EndlessStream extends TrainerServiceGrpc.TrainerServiceImplBase {
        @Override
        public void createGguf(CreateGgufRequest request, StreamObserver<CreateGgufResponse> observer) {
            FlowControlledStream.serve(observer, stream -> {
                while (true) {
                    stream.send(CreateGgufResponse.getDefaultInstance());
                }
            });
        }
    }

    private final class Authenticated implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            return next.startCall(new AuthenticatedCall<>(call, ADMIN, lookup::get, Duration.ZERO), headers);
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(ServerInterceptors.interceptForward(
                        new EndlessStream(),
                        new Authenticated(),
                        new AuthorizationInterceptor(new ResourceScopes() {}, new Log())))
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
    void aWriteWhoseTokenIsRevokedWhileItStreamsHasItsStatusInTheLog() throws InterruptedException {
        Iterator<CreateGgufResponse> messages =
                TrainerServiceGrpc.newBlockingStub(channel).createGguf(CreateGgufRequest.getDefaultInstance());
        assertThat(messages.next()).isNotNull();
        assertThat(begun).containsExactly("users/alice rootstock.trainer.v1.TrainerService/CreateGguf");

        lookup.set(CompletableFuture.failedFuture(Errors.unauthenticated("the access token is revoked")));
        StatusRuntimeException end =
                catchThrowableOfType(StatusRuntimeException.class, () -> messages.forEachRemaining(message -> {}));

        assertThat(end.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(ended.poll(1, TimeUnit.MINUTES)).isEqualTo("7 UNAUTHENTICATED");
    }
}
