package io.rootstock.trainer.plan;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What of a dataset the automatic choices depend on.
 *
 * @param vocabularySize size of the tokenizer's vocabulary
 * @param classes labels of a classification dataset, otherwise 0
 * @param trainRows rows of the train splits
 * @param trainTokens tokens of the train splits
 * @param mostTokens tokens until every source has reached its epoch cap; {@link Long#MAX_VALUE} where one has none
 * @param longestRow most tokens of a row (fine-tuning), of a pair of answers twice its longer one; 0 when unknown
 * @param rowLengths tokens of some rows that stand for all, ascending; empty when unknown
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

    /** Facts without the lengths of rows. */
    public DataFacts(
            int vocabularySize, int classes, long trainRows, long trainTokens, long mostTokens, int longestRow) {
        this(vocabularySize, classes, trainRows, trainTokens, mostTokens, longestRow, List.of());
    }

    /** Facts of a dataset that does not exist yet: for estimates. */
    public static DataFacts imagined(int vocabularySize, long tokens) {
        return new DataFacts(vocabularySize, 0, 1, tokens, Long.MAX_VALUE, 0);
    }

    /** Rows of some steps, each ascending: drawn from the lengths that stand for all, always the same ones. */
    List<int[]> someSteps(int rows) {
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

    /** Rows of a usual step, ascending: of the lengths that stand for all, or else of mean length. */
    public int[] usualStep(int rows) {
        int[] lengths = new int[rows];
        int mean = (int) Math.max(1, trainTokens / Math.max(1, trainRows));
        Arrays.setAll(
                lengths,
                row -> rowLengths.isEmpty() ? mean : rowLengths.get((int) ((row + 0.5) / rows * rowLengths.size())));
        return lengths;
    }
}
