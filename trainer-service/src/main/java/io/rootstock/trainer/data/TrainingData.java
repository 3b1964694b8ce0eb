package io.rootstock.trainer.data;

import io.rootstock.dataset.mixture.SamplerPosition;
import io.rootstock.trainer.engine.batch.Batch;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    /** Position after the last step that was read, for the next checkpoint. */
    SamplerPosition position();

    /**
     * Continues after a number of completed steps.
     *
     * @param step completed steps
     * @param position position after them from a checkpoint; empty: computed by iterating from the first step
     */
    void restore(long step, Optional<SamplerPosition> position);

    /** Tokens read of each source by name, in the order of the sources; empty if only one source or rows are read. */
    Map<String, Long> sourceTokens();
}
