package io.rootstock.trainer.engine;

import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.BatchLimits;
import java.util.List;

/**
 * Targets of the micro-batches of a step.
 *
 * @param count number of loss tokens
 * @param weight sum of their loss weights
 */
record Targets(long count, double weight) {
    /** Validates the batches and counts their targets. */
    static Targets of(List<Batch> batches, BatchLimits limits) {
        long count = 0;
        double weight = 0;
        for (Batch batch : batches) {
            limits.check(batch);
            count += batch.lossTokens();
            weight += batch.lossWeight();
        }
        return new Targets(count, weight);
    }
}
