package io.rootstock.tokenizer.split;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.IntUnaryOperator;

/**
 * Assigns labelled rows to splits so that every split has the classes in proportion.
 *
 * <p>Each class keeps at least one row for training. A held-out split with enough rows for all classes gets at least
 * one of each class that can spare one: a class with three rows has one in every split, a class with two none in the
 * test split. Held-out splits have the requested number of rows unless too few classes can spare one.
 */
final class StratifiedSplit {
    private final int[] sizes;

    /** Held-out rows of each class so far. */
    private final int[] heldOut;

    private StratifiedSplit(int[] sizes) {
        this.sizes = sizes;
        heldOut = new int[sizes.length];
    }

    /** Receives the split of a row. */
    @FunctionalInterface
    interface Assignment {
        void assign(int row, SplitName split);
    }

    /**
     * Assigns each row to a split.
     *
     * @param rows number of rows; the first rows of a class are held out, so shuffle before
     * @param classes number of classes, some of which may have no rows
     * @param classOf class of a row
     * @param validation number of validation rows
     * @param test number of test rows
     */
    static void assign(
            int rows, int classes, IntUnaryOperator classOf, int validation, int test, Assignment assignment) {
        int[] sizes = new int[classes];
        for (int row = 0; row < rows; row++) {
            sizes[classOf.applyAsInt(row)]++;
        }
        StratifiedSplit split = new StratifiedSplit(sizes);
        int[] validationRows = split.draw(validation, test > 0 ? 1 : 0);
        int[] testRows = split.draw(test, 0);
        int[] seen = new int[classes];
        for (int row = 0; row < rows; row++) {
            int label = classOf.applyAsInt(row);
            int place = seen[label]++;
            assignment.assign(
                    row,
                    place < validationRows[label]
                            ? SplitName.VALIDATION
                            : place < validationRows[label] + testRows[label] ? SplitName.TEST : SplitName.TRAIN);
        }
    }

    /**
     * Returns the number of rows of each class in a held-out split of {@code total} rows.
     *
     * @param reserved rows of each class with three or more rows to leave for another held-out split
     */
    private int[] draw(int total, int reserved) {
        int classes = sizes.length;
        double[] ideal = new double[classes];
        int[] limit = new int[classes];
        long rows = 0;
        int available = 0;
        for (int i = 0; i < classes; i++) {
            limit[i] = Math.max(0, sizes[i] - heldOut[i] - 1 - (sizes[i] > 2 ? reserved : 0));
            rows += sizes[i];
            available += limit[i] > 0 ? 1 : 0;
        }
        int least = total >= available ? 1 : 0;
        int[] drawn = new int[classes];
        long sum = 0;
        for (int i = 0; i < classes; i++) {
            ideal[i] = (double) total * sizes[i] / rows;
            drawn[i] = Math.min(limit[i], Math.max(least, (int) ideal[i]));
            sum += drawn[i];
        }
        Comparator<Integer> byExcess = Comparator.comparingDouble(i -> ideal[i] - drawn[i]);
        PriorityQueue<Integer> above = new PriorityQueue<>(byExcess.thenComparing(i -> i));
        PriorityQueue<Integer> below = new PriorityQueue<>(
                byExcess.reversed().thenComparing(i -> heldOut[i]).thenComparing(i -> i));
        for (int i = 0; i < classes; i++) {
            if (drawn[i] > least) {
                above.add(i);
            }
            if (drawn[i] < limit[i]) {
                below.add(i);
            }
        }
        for (; sum > total; sum--) {
            int most = above.remove();
            if (--drawn[most] > least) {
                above.add(most);
            }
        }
        for (; sum < total && !below.isEmpty(); sum++) {
            int fewest = below.remove();
            if (++drawn[fewest] < limit[fewest]) {
                below.add(fewest);
            }
        }
        for (int i = 0; i < classes; i++) {
            heldOut[i] += drawn[i];
        }
        return drawn;
    }
}
