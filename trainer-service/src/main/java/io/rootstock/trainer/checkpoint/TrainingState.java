package io.rootstock.trainer.checkpoint;

import io.rootstock.trainer.schedule.SpikeGuard;
import java.util.Map;

/**
 * All of a run's state that is not a tensor. The order of data and the initial weights follow from the seed, so that the
 * step is also the position in the data and no generator state needs keeping.
 *
 * @param formatVersion {@link #FORMAT_VERSION}
 * @param step optimizer steps done; the next step's data is a function of it
 * @param optimizerStep AdamW updates done
 * @param seed seed of weights and data order
 * @param tokens tokens trained on
 * @param secondsSpent training time spent, all workers of the run together
 * @param startMetrics metrics measured before the first step, such as start_bits_per_byte or base_loss
 * @param bestStep step of the best validation; -1 where none is kept
 * @param bestScore score of it, higher is better
 * @param validationsSinceBest validations since the best
 * @param spikes what is known of the loss curve
 */
public record TrainingState(
        int formatVersion,
        long step,
        long optimizerStep,
        long seed,
        long tokens,
        double secondsSpent,
        Map<String, Double> startMetrics,
        long bestStep,
        double bestScore,
        int validationsSinceBest,
        SpikeGuard.State spikes) {
    /** The version written and read here. */
    public static final int FORMAT_VERSION = 2;

    public TrainingState {
        startMetrics = Map.copyOf(startMetrics);
    }
}
