package io.rootstock.tokenizer.split;

import io.rootstock.tokenizer.v1.DuplicateRow;
import io.rootstock.tokenizer.v1.RowPlace;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.IntFunction;

/**
 * Finds held-out rows whose tokens equal those of a row in another split, also if their labels differ.
 *
 * <p>Rows are grouped by a hash and compared token by token within a group. Memory: the first {@value #KEPT}
 * duplicates, and two rows.
 */
public final class SplitOverlap {
    private static final int KEPT = 100;

    private static final Comparator<DuplicateRow> ORDER = Comparator.comparing(
                    (DuplicateRow row) -> row.getRow().getSplit())
            .thenComparing(row -> row.getRow().getFile())
            .thenComparing(row -> row.getRow().getLine());

    private final RowSpool spool;
    private final IntFunction<SplitName> splitOf;
    private final IntFunction<String> fileOf;

    /** The last duplicate of those kept is the head. */
    private final PriorityQueue<DuplicateRow> kept = new PriorityQueue<>(ORDER.reversed());

    private long count;

    /**
     * @param splitOf split of a row; null: in none
     * @param fileOf name of a row's file
     */
    SplitOverlap(RowSpool spool, IntFunction<SplitName> splitOf, IntFunction<String> fileOf) {
        this.spool = spool;
        this.splitOf = splitOf;
        this.fileOf = fileOf;
    }

    /** Compares the splits; called once, after the last row. */
    void find() {
        long[] keys = spool.keys();
        int rows = spool.size();
        Arrays.sort(keys, 0, rows);
        int from = 0;
        for (int to = 1; to <= rows; to++) {
            if (to == rows || (keys[to] >> Integer.SIZE) != (keys[from] >> Integer.SIZE)) {
                if (to - from > 1) {
                    compare(keys, from, to);
                }
                from = to;
            }
        }
    }

    /** Number of held-out rows that are also in another split. */
    public long count() {
        return count;
    }

    /** The first duplicate rows, by split, file and line. */
    public List<DuplicateRow> first() {
        return kept.stream().sorted(ORDER).toList();
    }

    /** Compares rows of one hash; moves the rows that equal the first one to the front, then compares the others. */
    private void compare(long[] keys, int begin, int to) {
        int from = begin;
        while (to - from > 1 && inSeveralSplits(keys, from, to)) {
            int[] tokens = spool.read((int) keys[from]).example().tokens();
            int end = from + 1;
            for (int at = end; at < to; at++) {
                if (Arrays.equals(tokens, spool.read((int) keys[at]).example().tokens())) {
                    long equal = keys[at];
                    // Keeps the order of the others.
                    System.arraycopy(keys, end, keys, end + 1, at - end);
                    keys[end++] = equal;
                }
            }
            report(keys, from, end);
            from = end;
        }
    }

    private boolean inSeveralSplits(long[] keys, int from, int to) {
        SplitName first = splitOf.apply((int) keys[from]);
        for (int at = from + 1; at < to; at++) {
            if (splitOf.apply((int) keys[at]) != first) {
                return true;
            }
        }
        return false;
    }

    /** Reports the equal rows that are not in the first of their splits. */
    private void report(long[] keys, int from, int to) {
        SplitName original = null;
        int first = -1;
        for (int at = from; at < to; at++) {
            SplitName split = splitOf.apply((int) keys[at]);
            if (split != null && (original == null || split.compareTo(original) < 0)) {
                original = split;
                first = (int) keys[at];
            }
        }
        for (int at = from; at < to; at++) {
            int row = (int) keys[at];
            SplitName split = splitOf.apply(row);
            if (split != null && split != original) {
                count++;
                keep(row, first);
            }
        }
    }

    private void keep(int row, int first) {
        kept.add(DuplicateRow.newBuilder()
                .setRow(place(row))
                .setSameAs(place(first))
                .build());
        if (kept.size() > KEPT) {
            DuplicateRow _ = kept.remove();
        }
    }

    private RowPlace place(int row) {
        return RowPlace.newBuilder()
                .setSplit(splitOf.apply(row).key())
                .setFile(fileOf.apply(row))
                .setLine(spool.read(row).line())
                .build();
    }
}
