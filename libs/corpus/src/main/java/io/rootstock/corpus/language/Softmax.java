package io.rootstock.corpus.language;

/** Softmax of the products with all output rows ({@code SoftmaxLoss::computeOutput}). */
record Softmax(Matrix output) implements OutputLayer {
    @Override
    public TopLabels predict(float[] hidden, int k) {
        float[] scores = new float[output.rows];
        for (int row = 0; row < scores.length; row++) {
            scores[row] = output.dot(row, hidden);
        }
        float max = scores[0];
        for (float score : scores) {
            max = Math.max(score, max);
        }
        float sum = 0;
        for (int row = 0; row < scores.length; row++) {
            scores[row] = (float) StrictMath.exp(scores[row] - max);
            sum += scores[row];
        }
        TopLabels top = new TopLabels(Math.min(k, scores.length));
        float least = 0;
        for (int row = 0; row < scores.length; row++) {
            float probability = scores[row] / sum;
            if (top.count < top.labels.length || probability > least) {
                top.add(row, probability);
                least = top.scores[top.count - 1];
            }
        }
        for (int index = 0; index < top.count; index++) {
            top.scores[index] = OutputLayer.log(top.scores[index]);
        }
        return top;
    }
}
