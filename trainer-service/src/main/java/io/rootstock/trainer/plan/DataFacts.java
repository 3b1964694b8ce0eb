package io.rootstock.trainer.plan;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Properties of a dataset that the automatic choices depend on.
 *
 * @param vocabularySize size of the tokenizer's vocabulary
 * @param classes number of labels of a classification dataset, otherwise 0
 * @param trainRows rows of the train splits
 * @param trainTokens tokens of the train splits
 * @param mostTokens tokens until every source reaches its maximum number of epochs; {@link Long#MAX_VALUE} if a source
 *     has no maximum
 * @param longestRow tokens of the longest row (fine-tuning), of a preference pair twice its longer answer; 0 if unknown
 * @param rowLengths quantiles of the tokens per row, ascending; empty if unknown
 */
public record DataFacts(
        int vocabularySize,
        int classes,
        long trainRows,
        long trainTokens,
        long mostTokens,
        int longestRow,
        List<Integer> rowLengths) {
    private static final int SOME_ROWS = 1600;

    /** Copies the list. */
    public DataFacts {
        rowLengths = List.copyOf(rowLengths);
    }

    /** Creates facts without row lengths. */
    public DataFacts(
            int vocabularySize, int classes, long trainRows, long trainTokens, long mostTokens, int longestRow) {
        this(vocabularySize, classes, trainRows, trainTokens, mostTokens, longestRow, List.of());
    }

    /** Creates the facts of an estimate without a dataset. */
    public static DataFacts hypothetical(int vocabularySize, long tokens) {
        return new DataFacts(vocabularySize, 0, 1, tokens, Long.MAX_VALUE, 0);
    }

    /** Samples the row lengths of several steps, each ascending, from the quantiles; the samples are deterministic. */
    public List<int[]> someSteps(int rows) {
        if (rowLengths.isEmpty()) {
            return List.of(usualStep(rows));
        }
        Random random = new Random(1);
        return Stream.generate(() -> random.ints(rows, 0, rowLengths.size())
                        .map(rowLengths::get)
                        .sorted()
                        .toArray())
                .limit(Math.ceilDiv(SOME_ROWS, rows))
                .toList();
    }

    /**
     * Returns the row lengths of a typical step, ascending: evenly spaced quantiles, or the mean length if they are
     * unknown.
     */
    public int[] usualStep(int rows) {
        int[] lengths = new int[rows];
        int mean = (int) Math.max(1, trainTokens / Math.max(1, trainRows));
        Arrays.setAll(
                lengths,
                row -> rowLengths.isEmpty() ? mean : rowLengths.get((int) ((row + 0.5) / rows * rowLengths.size())));
        return lengths;
    }

    /**
     * Returns the row lengths of a large step, ascending: the largest of {@link #someSteps}, with the longest row of the
     * dataset as its last.
     */
    public int[] largestStep(int rows) {
        int[] lengths = someSteps(rows).stream()
                .max(Comparator.comparingInt(step -> IntStream.of(step).sum()))
                .orElseThrow();
        lengths[rows - 1] = Math.max(lengths[rows - 1], longestRow);
        return lengths;
    }
}
