package io.rootstock.evaluation.statistic;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Units that a bootstrap draws with replacement: single rows, or clusters of rows that depend on each other, such as
 * the questions of one paragraph or the pairs of one paradigm.
 */
public final class Resampling {
    /** Cluster of each row, or null: each row is a unit. */
    private final int[] clusterOfRow;

    private final int rows;
    private final int units;

    private Resampling(int[] clusterOfRow, int rows, int units) {
        this.clusterOfRow = clusterOfRow;
        this.rows = rows;
        this.units = units;
    }

    /**
     * Draws single rows.
     *
     * @throws IllegalArgumentException if {@code rows} is below 1
     */
    public static Resampling rows(int rows) {
        if (rows < 1) {
            throw new IllegalArgumentException("bootstrap of " + rows + " rows");
        }
        return new Resampling(null, rows, rows);
    }

    /**
     * Draws all rows of a cluster together.
     *
     * @param clusterOfRow cluster of each row, numbered from 0 without gaps, [rows]
     * @throws IllegalArgumentException if the rows are empty, or a cluster below the largest one has none
     */
    public static Resampling clusters(int[] clusterOfRow) {
        if (clusterOfRow.length == 0) {
            throw new IllegalArgumentException("bootstrap of 0 rows");
        }
        int clusters = Arrays.stream(clusterOfRow).max().orElseThrow() + 1;
        boolean[] seen = new boolean[Math.min(Math.max(clusters, 0), clusterOfRow.length)];
        for (int row = 0; row < clusterOfRow.length; row++) {
            if (clusterOfRow[row] < 0 || clusterOfRow[row] >= seen.length) {
                throw new IllegalArgumentException(
                        "row %d: cluster %d of %d rows: clusters are numbered from 0 without gaps"
                                .formatted(row, clusterOfRow[row], clusterOfRow.length));
            }
            seen[clusterOfRow[row]] = true;
        }
        for (int cluster = 0; cluster < seen.length; cluster++) {
            if (!seen[cluster]) {
                throw new IllegalArgumentException("cluster " + cluster + " has no rows");
            }
        }
        return new Resampling(clusterOfRow.clone(), clusterOfRow.length, clusters);
    }

    /** Number of rows. */
    public int rows() {
        return rows;
    }

    /** Number of units: rows or clusters. */
    public int units() {
        return units;
    }

    /**
     * Draws as many units as there are.
     *
     * @param weights receives the number of times that each row was drawn, [rows]
     */
    void draw(SplittableRandom random, int[] weights) {
        int[] drawn = clusterOfRow == null ? weights : new int[units];
        Arrays.fill(drawn, 0);
        for (int i = 0; i < units; i++) {
            drawn[(int) Math.unsignedMultiplyHigh(random.nextLong(), units)]++;
        }
        if (clusterOfRow != null) {
            for (int row = 0; row < rows; row++) {
                weights[row] = drawn[clusterOfRow[row]];
            }
        }
    }
}
