package io.rootstock.trainer.checkpoint;

import io.rootstock.dataset.mixture.SamplerPosition;
import io.rootstock.trainer.schedule.SpikeGuard;
import java.util.Map;

/**
 * State of a run without its tensors. The data order and the initial weights are derived from the seed, so the step is
 * also the position in the data and no random generator state is stored.
 *
 * @param formatVersion {@link #FORMAT_VERSION}
 * @param step completed optimizer steps; determines the data of the next step
 * @param optimizerStep completed AdamW updates
 * @param seed seed of weights and data order
 * @param tokens tokens trained on
 * @param secondsSpent training time of all workers of the run, in seconds
 * @param startMetrics metrics measured before the first step, such as start_bits_per_byte or base_loss
 * @param bestStep step of the best validation; -1 if there was no validation
 * @param bestScore score of the best validation; higher is better
 * @param validationsSinceBest validations since the best one
 * @param spikes running statistics of the loss for spike detection
 * @param data position in the sources after the step, a shortcut to what the step determines; null before format 3
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
        SpikeGuard.State spikes,
        SamplerPosition data) {
    /** Current format version. */
    public static final int FORMAT_VERSION = 3;

    public TrainingState {
        startMetrics = Map.copyOf(startMetrics);
    }

    /** This state with no validation since the best one. */
    TrainingState withoutValidations() {
        return new TrainingState(
                formatVersion,
                step,
                optimizerStep,
                seed,
                tokens,
                secondsSpent,
                startMetrics,
                bestStep,
                bestScore,
                0,
                spikes,
                data);
    }
}
