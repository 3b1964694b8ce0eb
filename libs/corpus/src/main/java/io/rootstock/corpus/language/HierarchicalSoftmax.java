package io.rootstock.corpus.language;

/**
 * Hierarchical softmax: a Huffman tree of the labels by their counts ({@code HierarchicalSoftmaxLoss}). Nodes below the
 * number of labels are leaves; node n above it has row n minus that number of the output matrix.
 */
final class HierarchicalSoftmax implements OutputLayer {
    private static final long INFINITE = 1_000_000_000_000_000L;
    private static final float MIN_SCORE = OutputLayer.log(0);

    private final Matrix output;
    private final int labels;
    private final int[] left;
    private final int[] right;

    HierarchicalSoftmax(Matrix output, long[] counts) {
        this.output = output;
        labels = counts.length;
        int nodes = 2 * labels - 1;
        left = new int[nodes];
        right = new int[nodes];
        long[] weights = new long[nodes];
        for (int node = 0; node < nodes; node++) {
            weights[node] = node < labels ? counts[node] : INFINITE;
        }
        int leaf = labels - 1;
        int inner = labels;
        for (int node = labels; node < nodes; node++) {
            for (int side = 0; side < 2; side++) {
                int smallest = leaf >= 0 && weights[leaf] < weights[inner] ? leaf-- : inner++;
                (side == 0 ? left : right)[node] = smallest;
            }
            weights[node] = weights[left[node]] + weights[right[node]];
        }
    }

    @Override
    public TopLabels predict(float[] hidden, int k) {
        TopLabels top = new TopLabels(Math.min(k, labels));
        descend(2 * labels - 2, 0, hidden, top);
        return top;
    }

    /**
     * Descends into the more probable child first, so that most others are below the k best. The depth is at most the
     * number of labels, which {@link FastTextModel} bounds.
     */
    private void descend(int node, float score, float[] hidden, TopLabels top) {
        if (score < MIN_SCORE || !top.accepts(score)) {
            return;
        }
        if (node < labels) {
            top.add(node, score);
            return;
        }
        float product = output.dot(node - labels, hidden);
        float probability = (float) (1.0 / (1 + (float) StrictMath.exp(-product)));
        float leftScore = score + OutputLayer.log((float) (1.0 - probability));
        float rightScore = score + OutputLayer.log(probability);
        if (leftScore >= rightScore) {
            descend(left[node], leftScore, hidden, top);
            descend(right[node], rightScore, hidden, top);
        } else {
            descend(right[node], rightScore, hidden, top);
            descend(left[node], leftScore, hidden, top);
        }
    }
}
