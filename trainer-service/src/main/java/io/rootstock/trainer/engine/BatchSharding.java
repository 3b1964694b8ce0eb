package io.rootstock.trainer.engine;

import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.BatchLimits;
import io.rootstock.trainer.engine.batch.BatchShard;
import java.util.List;

/**
 * Divides batches among the replicas of all processes. A batch is split the same way for any division of replicas into
 * processes.
 *
 * @param localReplicas replicas of this process
 * @param rank rank of this process
 * @param processes number of processes
 * @param limits limits of a batch
 * @param packed whether rows are packed rather than padded
 */
record BatchSharding(int localReplicas, int rank, int processes, BatchLimits limits, boolean packed) {
    /** Shards of a training batch that this process's replicas compute. */
    List<BatchShard> training(Batch batch) {
        return local(BatchShard.splitForTraining(batch, replicas(), limits, packed));
    }

    /** Shards of a batch without gradients that this process's replicas compute. */
    List<BatchShard> evaluation(Batch batch) {
        return local(BatchShard.split(batch, replicas(), limits, packed));
    }

    /** Shards of a batch that every process computes whole. */
    List<BatchShard> withinProcess(Batch batch) {
        return BatchShard.split(batch, localReplicas, limits, packed);
    }

    /** A batch as a single shard. */
    BatchShard singleShard(Batch batch) {
        return BatchShard.split(batch, 1, limits, packed).getFirst();
    }

    /** Number of tokens that a training step of this batch computes in all replicas and processes, padding included. */
    long processedTokens(Batch batch) {
        return BatchShard.splitForTraining(batch, replicas(), limits, packed).stream()
                .mapToLong(BatchShard::tokenCount)
                .sum();
    }

    private int replicas() {
        return localReplicas * processes;
    }

    private List<BatchShard> local(List<BatchShard> all) {
        int from = Math.min(all.size(), localReplicas * rank);
        return all.subList(from, Math.min(all.size(), from + localReplicas));
    }
}
