package io.rootstock.registry.evaluation;

import io.rootstock.evaluation.v1.EvaluationEvent;
import io.rootstock.registry.database.Database;
import java.util.List;

/** The events of one evaluation for one watcher, after a given sequence number, until the evaluation ends. */
public final class EvaluationFeed {
    private static final int BATCH = 200;

    private final Database database;
    private final String evaluation;
    private long sequence;

    EvaluationFeed(Database database, String evaluation, long afterSequence) {
        this.database = database;
        this.evaluation = evaluation;
        this.sequence = afterSequence;
    }

    /**
     * A batch of events.
     *
     * @param events oldest first; empty if no new event is stored
     * @param over whether the evaluation is terminal and these are its last events
     */
    public record Batch(List<EvaluationEvent> events, boolean over) {}

    /** Returns the next events since the last call; NOT_FOUND if the evaluation does not exist. */
    public Batch next() {
        return database.read(connection -> {
            EvaluationRow row = EvaluationRepository.find(connection, evaluation)
                    .orElseThrow(() -> Evaluations.noEvaluation(evaluation));
            List<EvaluationEvent> events = EvaluationEvents.after(connection, evaluation, sequence, BATCH);
            if (!events.isEmpty()) {
                sequence = events.getLast().getSequence();
            }
            return new Batch(events, EvaluationStates.isTerminal(row.state()) && events.size() < BATCH);
        });
    }
}
