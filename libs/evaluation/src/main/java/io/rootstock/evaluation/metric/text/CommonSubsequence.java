package io.rootstock.evaluation.metric.text;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Longest common subsequence of two token sequences by dynamic programming. */
final class CommonSubsequence {
    private CommonSubsequence() {}

    /** Returns the length of a longest common subsequence. */
    static int length(List<String> first, List<String> second) {
        Map<String, Integer> ids = new HashMap<>();
        return lengths(ids(first, ids), ids(second, ids), null);
    }

    /**
     * Returns the positions in {@code first} of one longest common subsequence, last position first. Of several
     * subsequences it is the one that rouge-score finds: from the end, it skips a token of {@code first} unless only
     * skipping one of {@code second} keeps the length.
     */
    static List<Integer> positions(List<String> first, List<String> second) {
        Map<String, Integer> ids = new HashMap<>();
        int[] rows = ids(first, ids);
        int[] columns = ids(second, ids);
        BitSet skipsColumn = new BitSet();
        lengths(rows, columns, skipsColumn);
        List<Integer> positions = new ArrayList<>();
        int row = rows.length - 1;
        int column = columns.length - 1;
        while (row >= 0 && column >= 0) {
            if (rows[row] == columns[column]) {
                positions.add(row);
                row--;
                column--;
            } else if (skipsColumn.get(row * columns.length + column)) {
                column--;
            } else {
                row--;
            }
        }
        return positions;
    }

    /**
     * Fills the table of lengths row by row.
     *
     * @param skipsColumn receives the cells [row * columns + column] whose left neighbour is larger than the upper one,
     *     or null
     */
    private static int lengths(int[] rows, int[] columns, BitSet skipsColumn) {
        int[] above = new int[columns.length + 1];
        int[] current = new int[columns.length + 1];
        for (int row = 0; row < rows.length; row++) {
            for (int column = 0; column < columns.length; column++) {
                int left = current[column];
                int upper = above[column + 1];
                current[column + 1] = rows[row] == columns[column] ? above[column] + 1 : Math.max(left, upper);
                if (skipsColumn != null && left > upper) {
                    skipsColumn.set(row * columns.length + column);
                }
            }
            int[] swapped = above;
            above = current;
            current = swapped;
        }
        return above[columns.length];
    }

    private static int[] ids(List<String> tokens, Map<String, Integer> known) {
        int[] ids = new int[tokens.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = known.computeIfAbsent(tokens.get(i), token -> known.size());
        }
        return ids;
    }
}
