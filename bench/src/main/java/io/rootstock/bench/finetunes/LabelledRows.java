package io.rootstock.bench.finetunes;

import io.rootstock.bench.base.LabelledRow;
import io.rootstock.evaluation.baseline.LabelledText;
import io.rootstock.evaluation.baseline.LinearClassifier;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Test rows of a classification task and the linear model of the training rows.
 *
 * @param classes labels, sorted
 * @param test test rows
 * @param linear logistic regression on hashed n-grams of the training rows
 */
record LabelledRows(List<String> classes, List<LabelledRow> test, LinearClassifier linear) {
    private static final long SEED = 1;

    static LabelledRows of(List<LabelledRow> train, List<LabelledRow> test) {
        List<String> classes =
                train.stream().map(LabelledRow::label).distinct().sorted().toList();
        List<LabelledText> texts = train.stream()
                .map(row -> new LabelledText(row.text(), Collections.binarySearch(classes, row.label())))
                .toList();
        return new LabelledRows(classes, test, LinearClassifier.train(texts, classes.size(), SEED));
    }

    /** Class of each test row. */
    int[] expected() {
        return test.stream().mapToInt(row -> classOf(row.label())).toArray();
    }

    int classOf(String label) {
        int found = Collections.binarySearch(classes, label);
        if (found < 0) {
            throw new IllegalArgumentException("the training rows have no label " + label);
        }
        return found;
    }

    /** Class that the linear model predicts for each test row. */
    int[] linearClasses() {
        return test.stream().mapToInt(row -> linear.classify(row.text())).toArray();
    }

    /** Whether each prediction is the expected class. */
    static boolean[] right(int[] expected, int[] predicted) {
        boolean[] right = new boolean[expected.length];
        IntStream.range(0, expected.length).forEach(row -> right[row] = expected[row] == predicted[row]);
        return right;
    }

    /** Share of the most frequent class among the test rows. */
    double majority() {
        int[] counts = new int[classes.size()];
        IntStream.of(expected()).forEach(label -> counts[label]++);
        return IntStream.of(counts).max().orElseThrow() / (double) test.size();
    }
}
