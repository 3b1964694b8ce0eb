package io.rootstock.trainer.worker;

import io.rootstock.trainer.v1.ClassificationReport;
import java.util.Map;
import java.util.Optional;

/**
 * What a held-out split says about the model.
 *
 * @param loss nats per loss token or row
 * @param bitsPerByte bits per UTF-8 byte of the text; 0 where there is none to speak of
 * @param metrics further figures by name
 * @param report how each class fared, of a classifier
 * @param score higher is better: what the best weights are chosen by
 */
record Evaluation(
        double loss,
        double bitsPerByte,
        Map<String, Double> metrics,
        Optional<ClassificationReport> report,
        double score) {
    Evaluation {
        metrics = Map.copyOf(metrics);
    }
}
