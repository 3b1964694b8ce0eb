package io.rootstock.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.installation.Service;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.inference.v1.ListServedModelsRequest;
import io.rootstock.inference.v1.ListServedModelsResponse;
import io.rootstock.inference.v1.ServedModel;
import io.rootstock.inference.v1.ServedState;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ServingTest {
    private static final String ALIAS = "models/spam/aliases/production";
    private static final String OLD = "models/spam/versions/1";
    private static final String NEW = "models/spam/versions/2";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Test
    void waitsWhileThePreviousVersionIsServed() throws Exception {
        ServedModels states = new ServedModels(
                served(OLD, ServedState.SERVED_STATE_READY).build(),
                served(OLD, ServedState.SERVED_STATE_SWAPPING)
                        .setPendingVersion(NEW)
                        .build(),
                served(NEW, ServedState.SERVED_STATE_READY).build());
        assertThat(await(states, TIMEOUT)).isPositive();
        assertThat(states.responses.hasNext()).isFalse();
    }

    @Test
    void reportsWhyAVersionFailedToLoad() {
        ServedModels states = new ServedModels(
                served(OLD, ServedState.SERVED_STATE_LOAD_FAILED)
                        .setPendingVersion(OLD)
                        .build(),
                served(OLD, ServedState.SERVED_STATE_LOAD_FAILED)
                        .setPendingVersion(NEW)
                        .setError("the file is corrupt")
                        .build());
        assertThatThrownBy(() -> await(states, TIMEOUT))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("spam:2 failed to load: the file is corrupt");
    }

    @Test
    void endsAfterTheTimeout() {
        ServedModels states =
                new ServedModels(served(OLD, ServedState.SERVED_STATE_READY).build());
        assertThatThrownBy(() -> await(states, Duration.ofMillis(1)))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("spam:2 is not served after 0 s");
    }

    private static double await(ServedModels states, Duration timeout) throws Exception {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(states)
                .build()
                .start();
        try (Clients clients = new Clients(new Endpoints(
                Map.of(Service.INFERENCE, "127.0.0.1:" + server.getPort()), Optional.empty(), Optional.empty()))) {
            return new Serving(clients).await(ALIAS, NEW, timeout);
        } finally {
            server.shutdownNow();
        }
    }

    private static ServedModel.Builder served(String version, ServedState state) {
        return ServedModel.newBuilder().setAlias(ALIAS).setVersion(version).setState(state);
    }

    /** Answers each call with the next state, then with the last one. */
    private static final class ServedModels extends InferenceServiceGrpc.InferenceServiceImplBase {
        private final Iterator<ServedModel> responses;
        private ServedModel last;

        ServedModels(ServedModel... states) {
            this.responses = Arrays.asList(states).iterator();
        }

        @Override
        public synchronized void listServedModels(
                ListServedModelsRequest request, StreamObserver<ListServedModelsResponse> observer) {
            last = responses.hasNext() ? responses.next() : last;
            observer.onNext(
                    ListServedModelsResponse.newBuilder().addModels(last).build());
            observer.onCompleted();
        }
    }
}
