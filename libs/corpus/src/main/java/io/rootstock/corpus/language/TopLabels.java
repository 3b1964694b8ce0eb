package io.rootstock.corpus.language;

/** The k labels with the largest scores seen so far, largest first. */
final class TopLabels {
    final int[] labels;
    final float[] scores;
    int count;

    TopLabels(int k) {
        labels = new int[k];
        scores = new float[k];
    }

    /** Whether a label with a score would be added. */
    boolean accepts(float score) {
        return count < labels.length || score > scores[count - 1];
    }

    void add(int label, float score) {
        if (!accepts(score)) {
            return;
        }
        int at = count < labels.length ? count++ : count - 1;
        while (at > 0 && scores[at - 1] < score) {
            labels[at] = labels[at - 1];
            scores[at] = scores[at - 1];
            at--;
        }
        labels[at] = label;
        scores[at] = score;
    }
}
