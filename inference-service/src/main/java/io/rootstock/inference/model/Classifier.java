package io.rootstock.inference.model;

import io.rootstock.checkpoint.huggingface.ClassifierHead;
import java.util.List;

/** A loaded classification head: logits of the last token's hidden state, then softmax. */
public record Classifier(ClassifierHead head) {
    /** The class labels, [C]. */
    public List<String> labels() {
        return head.labels();
    }

    /** Maximum number of tokens of a text, including BOS and EOS. */
    public int maxTokens() {
        return head.maxTokens();
    }

    /**
     * Computes the probability of each label.
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
