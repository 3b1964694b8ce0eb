package io.rootstock.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.cli.error.CliException;
import io.rootstock.client.Endpoint;
import io.rootstock.inference.v1.AbortRequest;
import io.rootstock.inference.v1.AbortResponse;
import io.rootstock.inference.v1.ControlServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ServingPodsTest {
    private final List<Server> servers = new ArrayList<>();
    private final List<ManagedChannel> channels = new ArrayList<>();

    @AfterEach
    void stop() {
        channels.forEach(ManagedChannel::shutdownNow);
        servers.forEach(Server::shutdownNow);
    }

    /** A pod that has this number of completions of every request; -1: it is unavailable. */
    private static final class Pod extends ControlServiceGrpc.ControlServiceImplBase {
        private final int completions;

        Pod(int completions) {
            this.completions = completions;
        }

        @Override
        public void abort(AbortRequest request, StreamObserver<AbortResponse> responses) {
            if (completions < 0) {
                responses.onError(Status.UNAVAILABLE.withDescription("draining").asRuntimeException());
                return;
            }
            responses.onNext(AbortResponse.newBuilder().setAborted(completions).build());
            responses.onCompleted();
        }
    }

    @Test
    void callsEveryPodInOrder() throws IOException {
        assertThat(abort(pods(2, 0, 3)).values())
                .extracting(AbortResponse::getAborted)
                .containsExactly(2, 0, 3);
    }

    @Test
    void namesThePodThatFails() throws IOException {
        ServingPods pods = pods(2, -1);
        assertThat(pods.areSeveral()).isTrue();
        assertThatThrownBy(() -> abort(pods))
                .isInstanceOf(CliException.class)
                .hasMessage("pod 1: UNAVAILABLE: draining");
    }

    @Test
    void failsAsItsOnlyPod() throws IOException {
        ServingPods pods = pods(-1);
        assertThat(pods.areSeveral()).isFalse();
        assertThatThrownBy(() -> abort(pods)).isInstanceOf(StatusRuntimeException.class);
    }

    @Test
    void resolvesTheLoopbackInterfaceToOneAddress() {
        assertThat(ServingPods.addresses(new Endpoint("127.0.0.1", 7403))).hasSize(1);
        assertThat(ServingPods.addresses(new Endpoint("localhost", 7403))).hasSize(1);
        assertThatThrownBy(() -> ServingPods.addresses(new Endpoint("a..b", 7403)))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("a..b, cannot be resolved");
    }

    private static Map<String, AbortResponse> abort(ServingPods pods) {
        AbortRequest request = AbortRequest.newBuilder().setRequestId("report").build();
        return pods.call(pod -> pod.abort(request));
    }

    private ServingPods pods(int... completions) throws IOException {
        Map<String, ControlServiceGrpc.ControlServiceBlockingStub> pods = new LinkedHashMap<>();
        for (int index = 0; index < completions.length; index++) {
            Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .addService(new Pod(completions[index]))
                    .build()
                    .start();
            servers.add(server);
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                    .usePlaintext()
                    .build();
            channels.add(channel);
            pods.put(Integer.toString(index), ControlServiceGrpc.newBlockingStub(channel));
        }
        return new ServingPods(pods);
    }
}
