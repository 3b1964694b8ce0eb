package io.rootstock.evaluation.baseline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Logistic regression (softmax regression for more than two classes) on hashed words, word pairs and character n-grams:
 * the baseline of a classifier. Trained by stochastic gradient descent with a decreasing learning rate; as accurate as
 * scikit-learn on TF-IDF features (SST-2, CLINC150, NSMC, SMS Spam: within a point; decision 0116).
 */
public final class LinearClassifier {
    private static final int MAX_EPOCHS = 15;
    private static final int MIN_EPOCHS = 3;
    private static final float RATE = 4;
    private static final float DECAY = 1e-4f;

    /** Limits the number of weights to 2^24, 64 MB: features of many classes share weights. */
    private static final int MAX_WEIGHTS = 1 << 24;

    /** Limits the training to a few CPU seconds; in characters of all epochs, where a column adds 5 % of a character. */
    private static final double MAX_WORK = 3e7;

    private static final double COLUMN_WORK = 0.05;

    /** One column for two classes: log-odds of class 1. */
    private final int columns;

    private final int features;
    /** [features, columns]. */
    private final float[] weights;

    private final float[] bias;
    private final float[] scores;

    private LinearClassifier(int classes) {
        columns = classes <= 2 ? 1 : classes;
        features = Math.min(TextFeatures.COUNT, Integer.highestOneBit(MAX_WEIGHTS / columns));
        weights = new float[features * columns];
        bias = new float[columns];
        scores = new float[columns];
    }

    /**
     * Trains a classifier.
     *
     * @param rows training rows; many characters or classes reduce first the number of epochs and then the number of rows,
     *     which are evenly spaced
     * @param classes number of classes
     * @param seed seed of the order of the rows
     */
    public static LinearClassifier train(List<LabelledText> rows, int classes, long seed) {
        LinearClassifier model = new LinearClassifier(classes);
        double characters =
                rows.stream().mapToDouble(row -> row.text().length()).sum();
        double work = Math.max(1, characters) * (1 + COLUMN_WORK * model.columns);
        int epochs = (int) Math.clamp(MAX_WORK / work, MIN_EPOCHS, MAX_EPOCHS);
        List<LabelledText> shuffled = spread(rows, Math.min(1, MAX_WORK / (work * MIN_EPOCHS)));
        Random random = new Random(seed);
        for (int epoch = 0; epoch < epochs; epoch++) {
            Collections.shuffle(shuffled, random);
            float rate = RATE * (1 - epoch / (float) epochs);
            shuffled.forEach(row -> model.learn(TextFeatures.of(row.text()), row.label(), rate));
        }
        return model;
    }

    private static List<LabelledText> spread(List<LabelledText> rows, double share) {
        int kept = Math.min(rows.size(), (int) Math.ceil(share * rows.size()));
        List<LabelledText> spread = new ArrayList<>();
        for (int i = 0; i < kept; i++) {
            spread.add(rows.get((int) ((long) i * rows.size() / kept)));
        }
        return spread;
    }

    /** Returns the most probable class; not safe for several threads. */
    public int classify(String text) {
        score(TextFeatures.of(text));
        if (columns == 1) {
            return scores[0] > 0 ? 1 : 0;
        }
        int best = 0;
        for (int column = 1; column < columns; column++) {
            best = scores[column] > scores[best] ? column : best;
        }
        return best;
    }

    /** Returns the probability of each class; not safe for several threads. */
    public double[] probabilities(String text) {
        score(TextFeatures.of(text));
        if (columns == 1) {
            double first = 1 / (1 + Math.exp(scores[0]));
            return new double[] {first, 1 - first};
        }
        double highest = scores[0];
        for (float score : scores) {
            highest = Math.max(highest, score);
        }
        double[] probabilities = new double[columns];
        double sum = 0;
        for (int column = 0; column < columns; column++) {
            probabilities[column] = Math.exp(scores[column] - highest);
            sum += probabilities[column];
        }
        for (int column = 0; column < columns; column++) {
            probabilities[column] /= sum;
        }
        return probabilities;
    }

    private void learn(int[] text, int label, float rate) {
        score(text);
        errors(label);
        float unit = (float) (1 / Math.sqrt(text.length));
        for (int feature : text) {
            int row = (feature & (features - 1)) * columns;
            for (int column = 0; column < columns; column++) {
                float weight = weights[row + column];
                weights[row + column] = weight - rate * (scores[column] * unit + DECAY * weight);
            }
        }
        for (int column = 0; column < columns; column++) {
            bias[column] -= rate * 0.1f * scores[column];
        }
    }

    /** Sets the scores of a text, whose feature vector has unit length: log-odds, or logits of all classes. */
    private void score(int[] text) {
        float unit = (float) (1 / Math.sqrt(text.length));
        Arrays.fill(scores, 0);
        for (int feature : text) {
            int row = (feature & (features - 1)) * columns;
            for (int column = 0; column < columns; column++) {
                scores[column] += weights[row + column];
            }
        }
        for (int column = 0; column < columns; column++) {
            scores[column] = bias[column] + scores[column] * unit;
        }
    }

    /** Replaces the scores by the gradient of the cross-entropy: probability minus target. */
    private void errors(int label) {
        if (columns == 1) {
            scores[0] = (float) (1 / (1 + Math.exp(-scores[0]))) - label;
            return;
        }
        float highest = scores[0];
        for (float score : scores) {
            highest = Math.max(highest, score);
        }
        float sum = 0;
        for (int column = 0; column < columns; column++) {
            scores[column] = (float) Math.exp(scores[column] - highest);
            sum += scores[column];
        }
        for (int column = 0; column < columns; column++) {
            scores[column] = scores[column] / sum - (column == label ? 1 : 0);
        }
    }
}
