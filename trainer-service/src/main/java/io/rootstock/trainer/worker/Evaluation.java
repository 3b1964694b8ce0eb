package io.rootstock.trainer.worker;

import java.util.Map;

/**
 * What a held-out split says about the model.
 *
 * @param loss nats per loss token or row
 * @param bitsPerByte bits per UTF-8 byte of the text; 0 where there is none to speak of
 * @param metrics further figures by name
 * @param score higher is better: what the best weights are chosen by
 */
record Evaluation(double loss, double bitsPerByte, Map<String, Double> metrics, double score) {
    Evaluation {
        metrics = Map.copyOf(metrics);
    }
}
