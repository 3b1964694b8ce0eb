package io.rootstock.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.cli.installation.Service;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationEvent;
import io.rootstock.evaluation.v1.EvaluationServiceGrpc;
import io.rootstock.evaluation.v1.EvaluationState;
import io.rootstock.evaluation.v1.GetEvaluationRequest;
import io.rootstock.evaluation.v1.GetEvaluationResponse;
import io.rootstock.evaluation.v1.WatchEvaluationRequest;
import io.rootstock.evaluation.v1.WatchEvaluationResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Watches an evaluation on a server whose streams fail after every third event. */
final class EvaluationWatcherTest {
    private static final int EVENTS = 5;

    @Test
    void deliversEachEventOnceInOrderOverReconnects() throws Exception {
        List<Long> seen = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        Server server = server(new FailingEvaluations());
        try (Clients clients = clients(server)) {
            Evaluation evaluation = new EvaluationWatcher(clients, event -> seen.add(event.getSequence()), errors::add)
                    .watch("evaluations/e", 0);
            assertThat(evaluation.getState()).isEqualTo(EvaluationState.EVALUATION_STATE_SUCCEEDED);
        } finally {
            server.shutdownNow();
        }
        assertThat(seen).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(errors).hasSize(1).allMatch(why -> why.contains("registry restarting"));
    }

    @Test
    void doesNotReconnectIfTheEvaluationIsNotFound() throws Exception {
        Server server = server(new EvaluationServiceGrpc.EvaluationServiceImplBase() {
            @Override
            public void watchEvaluation(
                    WatchEvaluationRequest request, StreamObserver<WatchEvaluationResponse> responses) {
                responses.onError(Status.NOT_FOUND.asRuntimeException());
            }
        });
        try (Clients clients = clients(server)) {
            EvaluationWatcher watcher = new EvaluationWatcher(clients, event -> {}, why -> {});
            assertThatThrownBy(() -> watcher.watch("evaluations/none", 0)).isInstanceOf(StatusRuntimeException.class);
        } finally {
            server.shutdownNow();
        }
    }

    private static Server server(EvaluationServiceGrpc.EvaluationServiceImplBase evaluations)
            throws java.io.IOException {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(evaluations)
                .build()
                .start();
    }

    private static Clients clients(Server server) {
        return new Clients(new Endpoints(
                Map.of(Service.REGISTRY, "127.0.0.1:" + server.getPort()), Optional.empty(), Optional.empty()));
    }

    /** Replays events after the requested sequence and fails after three. */
    private static final class FailingEvaluations extends EvaluationServiceGrpc.EvaluationServiceImplBase {
        @Override
        public void watchEvaluation(WatchEvaluationRequest request, StreamObserver<WatchEvaluationResponse> responses) {
            long last = Math.min(EVENTS, request.getAfterSequence() + 3);
            for (long sequence = request.getAfterSequence() + 1; sequence <= last; sequence++) {
                responses.onNext(WatchEvaluationResponse.newBuilder()
                        .setEvent(EvaluationEvent.newBuilder().setSequence(sequence))
                        .build());
            }
            if (last == EVENTS) {
                responses.onCompleted();
            } else {
                responses.onError(Status.UNAVAILABLE
                        .withDescription("registry restarting")
                        .asRuntimeException());
            }
        }

        @Override
        public void getEvaluation(GetEvaluationRequest request, StreamObserver<GetEvaluationResponse> responses) {
            responses.onNext(GetEvaluationResponse.newBuilder()
                    .setEvaluation(Evaluation.newBuilder()
                            .setName(request.getName())
                            .setState(EvaluationState.EVALUATION_STATE_SUCCEEDED))
                    .build());
            responses.onCompleted();
        }
    }
}
