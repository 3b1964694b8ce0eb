package io.rootstock.inference.serving;

import io.rootstock.checkpoint.ClassifierHead;
import java.util.List;

/** A classification head in use: logits of a text's last hidden state, then a softmax. */
public record Classifier(ClassifierHead head) {
    /** The classes, C of them. */
    public List<String> labels() {
        return head.labels();
    }

    /** Most tokens of a text, begin and end of text included. */
    public int maximumTokens() {
        return head.maximumTokens();
    }

    /**
     * Probability of every label.
     *
     * @param hiddenState [D]
     * @return [C]
     */
    public double[] probabilities(float[] hiddenState) {
        float[] logits = head.logits(hiddenState);
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double[] probabilities = new double[logits.length];
        double total = 0;
        for (int label = 0; label < logits.length; label++) {
            probabilities[label] = Math.exp(logits[label] - largest);
            total += probabilities[label];
        }
        for (int label = 0; label < logits.length; label++) {
            probabilities[label] /= total;
        }
        return probabilities;
    }
}
