package io.rootstock.cli.client;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.cli.error.ErrorReport;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationEvent;
import io.rootstock.evaluation.v1.EvaluationState;
import io.rootstock.evaluation.v1.GetEvaluationRequest;
import io.rootstock.evaluation.v1.WatchEvaluationRequest;
import io.rootstock.evaluation.v1.WatchEvaluationResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Streams the events of an evaluation until it ends. A broken stream is reopened after the last received event, so that
 * each event is delivered exactly once, in order, also when the registry restarts.
 */
public final class EvaluationWatcher {
    private static final Duration RECONNECT_TIMEOUT = Duration.ofMinutes(5);
    private static final int RECONNECT_DELAY_MILLIS = 1000;
    private static final Set<Status.Code> RETRYABLE =
            Set.of(Status.Code.UNAVAILABLE, Status.Code.CANCELLED, Status.Code.UNKNOWN, Status.Code.INTERNAL);
    private static final Set<EvaluationState> ENDED = Set.of(
            EvaluationState.EVALUATION_STATE_SUCCEEDED,
            EvaluationState.EVALUATION_STATE_FAILED,
            EvaluationState.EVALUATION_STATE_CANCELLED);

    private final Clients clients;
    private final Consumer<EvaluationEvent> events;
    private final Consumer<String> reconnecting;

    /**
     * @param events receives every event, in order
     * @param reconnecting receives the error message before each reconnect
     */
    public EvaluationWatcher(Clients clients, Consumer<EvaluationEvent> events, Consumer<String> reconnecting) {
        this.clients = clients;
        this.events = events;
        this.reconnecting = reconnecting;
    }

    /**
     * Watches the evaluation until it has ended.
     *
     * @param name evaluations/{evaluation}
     * @param afterSequence sequence number of the last event to skip; 0: none
     * @return the evaluation in its final state
     */
    public Evaluation watch(String name, long afterSequence) {
        long sequence = afterSequence;
        long lastEvent = System.nanoTime();
        while (true) {
            try {
                Iterator<WatchEvaluationResponse> stream = clients.evaluations()
                        .watchEvaluation(WatchEvaluationRequest.newBuilder()
                                .setName(name)
                                .setAfterSequence(sequence)
                                .build());
                while (stream.hasNext()) {
                    EvaluationEvent event = stream.next().getEvent();
                    lastEvent = System.nanoTime();
                    sequence = event.getSequence();
                    events.accept(event);
                }
                Evaluation evaluation = evaluation(name);
                if (ENDED.contains(evaluation.getState())) {
                    return evaluation;
                }
                pause();
            } catch (StatusRuntimeException failure) {
                boolean timedOut = System.nanoTime() - lastEvent > RECONNECT_TIMEOUT.toNanos();
                if (!RETRYABLE.contains(failure.getStatus().getCode()) || timedOut) {
                    throw failure;
                }
                reconnecting.accept(ErrorReport.of(failure).message());
                pause();
            }
        }
    }

    private Evaluation evaluation(String name) {
        return clients.evaluations()
                .getEvaluation(GetEvaluationRequest.newBuilder().setName(name).build())
                .getEvaluation();
    }

    private static void pause() {
        try {
            Thread.sleep(RECONNECT_DELAY_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StatusRuntimeException(Status.CANCELLED.withDescription("interrupted"));
        }
    }
}
