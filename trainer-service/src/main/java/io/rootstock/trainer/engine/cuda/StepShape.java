package io.rootstock.trainer.engine;

import java.util.List;
import java.util.Optional;

/**
 * All of a step's sizes: steps of one shape make the same calls with tensors of the same sizes.
 *
 * @param parts in their order
 */
record StepShape(List<PartShape> parts) {
    /** A part's sizes. */
    record PartShape(int rows, int length, int positions, int classes) {}

    static StepShape of(List<Part> parts) {
        return new StepShape(parts.stream()
                .map(part -> new PartShape(
                        part.rows(),
                        part.tokenCount() / part.rows(),
                        part.positions().length,
                        part.weights().everywhere().length))
                .toList());
    }

    /** Why a step cannot be taken down as a graph; empty if it can. */
    static Optional<String> refusal(
            ModelShape shape, Tuning tuning, OptimizerSettings settings, List<Part> parts, int processes) {
        if (processes > 1) {
            return Optional.of("gradients are summed over processes");
        }
        if (settings.muon().isPresent()) {
            return Optional.of("Muon is not there on a GPU");
        }
        if (tuning instanceof Tuning.LowRank) {
            return Optional.of("products with adapters allocate memory");
        }
        if (shape.headForm().biases()) {
            return Optional.of("products with biases allocate memory");
        }
        if (parts.stream().anyMatch(part -> part.pairs() != null)) {
            return Optional.of("pairs of answers are weighed by losses that the host reads first");
        }
        return Optional.empty();
    }
}
