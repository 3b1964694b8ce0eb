package io.rootstock.dataset.mixture;

import java.util.List;

/**
 * A part of a training with weights of its own.
 *
 * @param until share of the training after which the phase ends, 0 to 1; the last phase ends at 1
 * @param weights relative weight of each source, at least 0, one above 0
 */
public record Phase(double until, List<Double> weights) {
    public Phase {
        weights = List.copyOf(weights);
    }

    /** Returns the only phase of a training. */
    public static List<Phase> constantWeights(List<Double> weights) {
        return List.of(new Phase(1.0, weights));
    }
}
