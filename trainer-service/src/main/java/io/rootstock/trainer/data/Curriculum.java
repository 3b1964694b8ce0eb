package io.rootstock.trainer.data;

import io.rootstock.dataset.mixture.Phase;
import io.rootstock.dataset.mixture.SourceSampler;
import java.util.List;

/**
 * Phases of a training with weights of their own.
 *
 * @param phases phases in order; empty: one phase with the weights of the sources
 * @param steps planned optimizer steps, which determine the ends of the phases
 */
public record Curriculum(List<Phase> phases, long steps) {
    /** One phase with the weights of the sources. */
    public static final Curriculum NONE = new Curriculum(List.of(), 1);

    public Curriculum {
        phases = List.copyOf(phases);
    }

    /**
     * Creates the sampler of the sources. A training ends at the last step that the sources have items for, as the phases
     * do.
     *
     * @param weights weights of the sources
     * @param batchRows items of a step
     * @param most maximum number of items of each source
     */
    SourceSampler sampler(List<Double> weights, int batchRows, List<Long> most) {
        if (phases.size() <= 1) {
            return new SourceSampler(phases.isEmpty() ? Phase.constantWeights(weights) : phases, 1, most);
        }
        long available = new SourceSampler(phases, 1, most).steps(batchRows);
        return new SourceSampler(phases, Math.multiplyExact(Math.min(steps, available), (long) batchRows), most);
    }
}
