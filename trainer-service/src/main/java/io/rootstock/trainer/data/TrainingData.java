package io.rootstock.trainer.data;

import io.rootstock.trainer.engine.batch.Batch;
import java.util.List;

/** Training batches of a run. */
public interface TrainingData {
    /**
     * Returns the micro-batches of an optimizer step, which depend only on the seed and the step.
     *
     * @param step index from 0
     */
    List<Batch> step(long step);

    /**
     * Number of steps until every source reaches its maximum number of epochs, at least 1; {@link Long#MAX_VALUE} if a
     * source has no maximum.
     */
    long mostSteps();
}
