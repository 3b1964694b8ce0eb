package io.rootstock.trainer.engine.cuda;

import io.rootstock.trainer.engine.batch.BatchShard;
import io.rootstock.trainer.engine.model.Tuning;
import io.rootstock.trainer.engine.optimizer.OptimizerSettings;
import java.util.List;
import java.util.Optional;

/**
 * The sizes of a step's shards. Steps of equal shape make the same calls with tensors of the same sizes.
 *
 * @param shards sizes of the shards, in order
 */
record StepShape(List<ShardShape> shards) {
    /** Sizes of one shard: rows, tokens per row, positions with a loss, and smoothing weights. */
    record ShardShape(int rows, int length, int positions, int smoothingWeights) {}

    static StepShape of(List<BatchShard> shards) {
        return new StepShape(shards.stream()
                .map(shard -> new ShardShape(
                        shard.rows(),
                        shard.tokenCount() / shard.rows(),
                        shard.positions().length,
                        shard.weights().smoothingWeights().length))
                .toList());
    }

    /** The reason why a step cannot be captured as a graph; empty if it can. */
    static Optional<String> refusal(StepGraph.Setup setup, OptimizerSettings settings, List<BatchShard> shards) {
        if (setup.processes() > 1) {
            return Optional.of("gradients are summed over processes");
        }
        if (settings.muon().isPresent()) {
            return Optional.of("Muon is not supported on a GPU");
        }
        if (setup.tuning() instanceof Tuning.LowRank) {
            return Optional.of("matrix products with adapters allocate memory");
        }
        if (setup.shape().family().biases()) {
            return Optional.of("matrix products with biases allocate memory");
        }
        if (shards.stream().anyMatch(shard -> shard.pairs() != null)) {
            return Optional.of("DPO's weights depend on losses that the host reads");
        }
        return Optional.empty();
    }
}
