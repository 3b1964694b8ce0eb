package io.rootstock.trainer.worker;

import io.rootstock.trainer.v1.ClassificationReport;
import java.util.Map;
import java.util.Optional;

/**
 * Result of an evaluation on a held-out split.
 *
 * @param loss nats per loss token or row
 * @param bitsPerByte bits per UTF-8 byte of the text; 0 if not defined for the task
 * @param metrics additional metrics by name
 * @param report per-class results of a classifier
 * @param score selects the best weights; higher is better
 * @param scoredRows rows of which the score is a share; 0 for a loss
 */
record Evaluation(
        double loss,
        double bitsPerByte,
        Map<String, Double> metrics,
        Optional<ClassificationReport> report,
        double score,
        long scoredRows) {
    Evaluation {
        metrics = Map.copyOf(metrics);
    }
}
