package io.rootstock.trainer.data;

import io.rootstock.trainer.engine.batch.Batch;
import java.util.List;

/** The batches of a run, step by step. */
public interface TrainingData {
    /**
     * The micro-batches of an optimizer step: a function of the seed and the step alone.
     *
     * @param step from 0
     */
    List<Batch> step(long step);

    /** Steps until every source has reached its epoch cap, at least 1; {@link Long#MAX_VALUE} where one has none. */
    long mostSteps();
}
