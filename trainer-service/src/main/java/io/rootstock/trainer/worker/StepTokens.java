package io.rootstock.trainer.worker;

import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.batch.Batch;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Token counts of a step.
 *
 * @param real tokens of its rows, without padding
 * @param processed computed tokens, padding included
 * @param rows number of its rows
 */
record StepTokens(long real, long processed, int rows) {
    static StepTokens of(List<Batch> microBatches, Engine engine) {
        long real = 0;
        long processed = 0;
        int rows = 0;
        for (Batch batch : microBatches) {
            real += IntStream.of(batch.lengths()).asLongStream().sum();
            processed += engine.processedTokens(batch);
            rows += batch.rows();
        }
        return new StepTokens(real, processed, rows);
    }

    /** Mean tokens per row, at least 1. */
    int meanLength() {
        return (int) Math.max(1, real / Math.max(1, rows));
    }
}
