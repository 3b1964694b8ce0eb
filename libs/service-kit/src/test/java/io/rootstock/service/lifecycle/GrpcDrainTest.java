package io.rootstock.service.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rootstock.inference.v1.ClassifyRequest;
import io.rootstock.inference.v1.ClassifyResponse;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.WatchAliasesRequest;
import io.rootstock.registry.v1.WatchAliasesResponse;
import io.rootstock.service.ErrorDetails;
import io.rootstock.service.FlowControlledStream;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GrpcDrainTest {
    private final CallsInFlight calls = new CallsInFlight(new SimpleMeterRegistry());
    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch finish = new CountDownLatch(1);
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private Server server;
    private ManagedChannel channel;

    /** Answers once the test allows it. */
    private final class Slow extends InferenceServiceGrpc.InferenceServiceImplBase {
        @Override
        public void classify(ClassifyRequest request, StreamObserver<ClassifyResponse> responses) {
            arrived.countDown();
            try {
                finish.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            responses.onNext(ClassifyResponse.newBuilder()
                    .setVersion("models/m/versions/1")
                    .build());
            responses.onCompleted();
        }
    }

    /** Sends one response and then waits for changes, without end. */
    private final class Watches extends ModelServiceGrpc.ModelServiceImplBase {
        @Override
        public void watchAliases(WatchAliasesRequest request, StreamObserver<WatchAliasesResponse> responses) {
            FlowControlledStream.serve(responses, stream -> {
                stream.onCancel(cancelled::countDown);
                stream.send(WatchAliasesResponse.getDefaultInstance());
                cancelled.await();
            });
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = start(Map.of());
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
    }

    private Server start(Map<String, String> settings) throws IOException {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new Slow())
                .addService(new Watches())
                .intercept(calls);
        connections(settings).limit(builder);
        return builder.build().start();
    }

    private static GrpcConnections connections(Map<String, String> settings) {
        return new GrpcConnections(new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(GrpcSettings.class)
                .withSources(new PropertiesConfigSource(settings, "test", 1))
                .build()
                .getConfigMapping(GrpcSettings.class));
    }

    @AfterEach
    void stop() {
        finish.countDown();
        cancelled.countDown();
        channel.shutdownNow();
        server.shutdownNow();
    }

    private CompletableFuture<ClassifyResponse> slowCall() throws InterruptedException {
        CompletableFuture<ClassifyResponse> answer = CompletableFuture.supplyAsync(
                () -> InferenceServiceGrpc.newBlockingStub(channel).classify(ClassifyRequest.getDefaultInstance()),
                task -> Thread.ofVirtual().start(task));
        arrived.await();
        return answer;
    }

    private GrpcDrain drain() {
        assertThat(calls.servers()).containsExactly(server);
        return new GrpcDrain(calls.servers(), calls);
    }

    private static void expectDraining(StatusRuntimeException failure) {
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(ErrorDetails.reason(failure)).contains("DRAINING");
    }

    @Test
    void aCallInFlightIsAnsweredAndNewOnesAreUnavailable() throws InterruptedException {
        CompletableFuture<ClassifyResponse> inFlight = slowCall();
        GrpcDrain drain = drain();
        drain.refuse();
        StatusRuntimeException refused = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> InferenceServiceGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(30, TimeUnit.SECONDS)
                        .classify(ClassifyRequest.getDefaultInstance()));
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        finish.countDown();
        drain.finish(Duration.ofSeconds(30));
        assertThat(inFlight.join().getVersion()).isEqualTo("models/m/versions/1");
        assertThat(server.isTerminated()).isTrue();
    }

    @Test
    void aCallThatExceedsTheGraceEndsUnavailable() throws InterruptedException {
        CompletableFuture<ClassifyResponse> inFlight = slowCall();
        GrpcDrain drain = drain();
        drain.refuse();
        drain.finish(Duration.ofMillis(50));
        expectDraining((StatusRuntimeException)
                catchThrowableOfType(java.util.concurrent.CompletionException.class, inFlight::join)
                        .getCause());
        assertThat(calls.isEmpty()).isTrue();
    }

    @Test
    void aWatchEndsUnavailableAtOnceAndItsMethodSeesACancelledCall() throws InterruptedException {
        Iterator<WatchAliasesResponse> watch =
                ModelServiceGrpc.newBlockingStub(channel).watchAliases(WatchAliasesRequest.getDefaultInstance());
        assertThat(watch.next()).isEqualTo(WatchAliasesResponse.getDefaultInstance());
        drain().refuse();
        expectDraining(catchThrowableOfType(StatusRuntimeException.class, watch::hasNext));
        assertThat(cancelled.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(calls.isEmpty()).isTrue();
    }

    @Test
    void aConnectionTakesNoMoreCallsAtItsAgeAndNoCallFails() throws IOException, InterruptedException {
        finish.countDown();
        Server aging = start(Map.of("rootstock.grpc.connection-age", "1s"));
        ManagedChannel client = NettyChannelBuilder.forAddress("127.0.0.1", aging.getPort())
                .usePlaintext()
                .build();
        try {
            CountDownLatch reconnected = new CountDownLatch(1);
            InferenceServiceGrpc.InferenceServiceBlockingStub stub = InferenceServiceGrpc.newBlockingStub(client);
            var _ = stub.classify(ClassifyRequest.getDefaultInstance());
            client.notifyWhenStateChanged(io.grpc.ConnectivityState.READY, reconnected::countDown);
            while (reconnected.getCount() > 0) {
                var _ = stub.classify(ClassifyRequest.getDefaultInstance());
            }
            assertThat(stub.classify(ClassifyRequest.getDefaultInstance()).getVersion())
                    .isEqualTo("models/m/versions/1");
        } finally {
            client.shutdownNow();
            aging.shutdownNow();
        }
    }

    @Test
    void anAgeBelowASecondStopsTheStart() {
        assertThatThrownBy(() -> connections(Map.of("rootstock.grpc.connection-age", "0s")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("rootstock.grpc.connection-age must be at least 1s, not PT0S");
        assertThatThrownBy(() -> connections(Map.of("rootstock.grpc.connection-age-grace", "10ms")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("rootstock.grpc.connection-age-grace must be at least 1s, not PT0.01S");
    }
}
