package io.rootstock.bench.sms;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Logistic regression on hashed words, word pairs and character n-grams of a message: the baseline for a language
 * model. Trained by stochastic gradient descent with a decreasing learning rate.
 */
final class LinearModel {
    private static final int FEATURES = 1 << 18;
    private static final int SHORTEST_GRAM = 2;
    private static final int LONGEST_GRAM = 5;
    private static final int EPOCHS = 30;
    private static final double RATE = 4;
    private static final double DECAY = 1e-5;
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}£$]+");

    private final double[] weights = new double[FEATURES];
    private double bias;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Example(int[] features, double spam) {}

    private LinearModel() {}

    static LinearModel train(List<Message> rows, long seed) {
        List<Example> examples = new ArrayList<>(rows.stream()
                .map(row -> new Example(features(row.text()), row.spam() ? 1 : 0))
                .toList());
        Random random = new Random(seed);
        LinearModel model = new LinearModel();
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            Collections.shuffle(examples, random);
            double rate = RATE * (1 - epoch / (double) EPOCHS);
            examples.forEach(example -> model.learn(example, rate));
        }
        return model;
    }

    /** Share of correctly classified rows, 0 to 1. */
    double accuracy(List<Message> rows) {
        return rows.stream()
                        .filter(row -> (score(features(row.text())) > 0) == row.spam())
                        .count()
                / (double) rows.size();
    }

    private void learn(Example example, double rate) {
        double error = 1 / (1 + Math.exp(-score(example.features))) - example.spam;
        double unit = 1 / Math.sqrt(example.features.length);
        for (int feature : example.features) {
            weights[feature] -= rate * (error * unit + DECAY * weights[feature]);
        }
        bias -= rate * 0.1 * error;
    }

    /** Returns the log-odds of spam; the feature vector has unit length. */
    private double score(int[] features) {
        double sum = 0;
        for (int feature : features) {
            sum += weights[feature];
        }
        return bias + sum / Math.sqrt(features.length);
    }

    private static int[] features(String text) {
        TreeSet<Integer> features = new TreeSet<>();
        String previous = null;
        for (String word :
                BETWEEN_WORDS.splitAsStream(text.toLowerCase(Locale.ROOT)).toList()) {
            features.add(hash("word " + word));
            if (previous != null) {
                features.add(hash("pair " + previous + " " + word));
            }
            previous = word;
        }
        String padded = " " + text + " ";
        for (int length = SHORTEST_GRAM; length <= LONGEST_GRAM; length++) {
            for (int start = 0; start + length <= padded.length(); start++) {
                features.add(hash("gram " + padded.substring(start, start + length)));
            }
        }
        return features.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Mixes the string's hash code, because similar strings have similar hash codes. */
    private static int hash(String feature) {
        int hash = feature.hashCode() * 0x9E3779B1;
        hash ^= hash >>> 15;
        return ((hash * 0x85EBCA6B) >>> 8) & (FEATURES - 1);
    }
}
