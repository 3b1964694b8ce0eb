package io.rootstock.cli.client;

import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationEvent;
import io.rootstock.evaluation.v1.EvaluationState;
import io.rootstock.evaluation.v1.GetEvaluationRequest;
import io.rootstock.evaluation.v1.WatchEvaluationRequest;
import io.rootstock.evaluation.v1.WatchEvaluationResponse;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Streams the events of an evaluation until it ends. A broken stream is reopened after the last received event, so that
 * each event is delivered exactly once, in order, also when the registry restarts.
 */
public final class EvaluationWatcher {
    private static final Set<EvaluationState> ENDED = Set.of(
            EvaluationState.EVALUATION_STATE_SUCCEEDED,
            EvaluationState.EVALUATION_STATE_FAILED,
            EvaluationState.EVALUATION_STATE_CANCELLED);

    private final Clients clients;
    private final Consumer<EvaluationEvent> events;
    private final Reconnection reconnection;
    private long sequence;

    /**
     * @param events receives every event, in order
     * @param reconnecting receives the error message before each reconnect
     */
    public EvaluationWatcher(Clients clients, Consumer<EvaluationEvent> events, Consumer<String> reconnecting) {
        this.clients = clients;
        this.events = events;
        this.reconnection = new Reconnection(reconnecting);
    }

    /**
     * Watches the evaluation until it has ended.
     *
     * @param name evaluations/{evaluation}
     * @param afterSequence sequence number of the last event to skip; 0: none
     * @return the evaluation in its final state
     */
    public Evaluation watch(String name, long afterSequence) {
        sequence = afterSequence;
        return reconnection.read(() -> read(name));
    }

    private Optional<Evaluation> read(String name) {
        Iterator<WatchEvaluationResponse> stream = clients.evaluations()
                .watchEvaluation(WatchEvaluationRequest.newBuilder()
                        .setName(name)
                        .setAfterSequence(sequence)
                        .build());
        while (stream.hasNext()) {
            EvaluationEvent event = stream.next().getEvent();
            reconnection.received();
            sequence = event.getSequence();
            events.accept(event);
        }
        return Optional.of(evaluation(name)).filter(evaluation -> ENDED.contains(evaluation.getState()));
    }

    private Evaluation evaluation(String name) {
        return clients.evaluations()
                .getEvaluation(GetEvaluationRequest.newBuilder().setName(name).build())
                .getEvaluation();
    }
}
