package io.rootstock.evaluation.contamination;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The n-grams of tasks, to be found in training data. Holds about 32 bytes for each n-gram, the text included: about 270 MB
 * with {@link #MOST_NGRAMS}. Not safe for several threads.
 */
public final class ContaminationIndex {
    /** Maximum number of n-grams: about 80,000 rows of 100 words. */
    public static final int MOST_NGRAMS = 8 << 20;

    private final NgramTable table;
    private final int most;
    private final List<TaskTexts> tasks = new ArrayList<>();
    /** Rows of all tasks in order; only those with n-grams. */
    private final List<RowNgrams> rows = new ArrayList<>();
    /** First n-gram of each row, then the number of n-grams. */
    private int[] firstNgrams = new int[16];

    private final Map<TextUnit, SortedSet<Integer>> sizes = new EnumMap<>(TextUnit.class);

    /** Creates an empty index. */
    public ContaminationIndex() {
        this(Long.SIZE, MOST_NGRAMS);
    }

    /**
     * @param bits bits of the hashes that are used
     * @param most maximum number of n-grams
     */
    ContaminationIndex(int bits, int most) {
        this.table = new NgramTable(bits);
        this.most = most;
        for (TextUnit unit : TextUnit.values()) {
            sizes.put(unit, new TreeSet<>());
        }
    }

    /** Whether a task can be added. */
    public boolean fits(TaskTexts task) {
        return table.count() + task.ngrams() <= most;
    }

    /**
     * Adds a task.
     *
     * @throws IllegalArgumentException if it does not fit
     */
    public void add(TaskTexts task) {
        if (!fits(task)) {
            throw new IllegalArgumentException(
                    "task " + task.task() + " has " + task.ngrams() + " n-grams, with others" + " more than " + most);
        }
        tasks.add(task);
        for (RowNgrams row : task.rows()) {
            if (row.isChecked()) {
                add(row);
            }
        }
    }

    private void add(RowNgrams row) {
        sizes.get(row.unit()).add(row.size());
        rows.add(row);
        int[] next = {0};
        RollingHashes hashes = new RollingHashes(row.size());
        RowNgrams.units(row.unit(), row.text(), hashes, () -> {
            if (next[0] < row.positions().length && hashes.count() - row.size() == row.positions()[next[0]]) {
                table.add(hashes.hash(0));
                next[0]++;
            }
        });
        if (rows.size() == firstNgrams.length) {
            firstNgrams = Arrays.copyOf(firstNgrams, 2 * firstNgrams.length);
        }
        firstNgrams[rows.size()] = table.count();
    }

    /** Tasks in the order of their addition. */
    List<TaskTexts> tasks() {
        return tasks;
    }

    /** Lengths of the n-grams with a unit. */
    int[] sizes(TextUnit unit) {
        return sizes.get(unit).stream().mapToInt(Integer::intValue).toArray();
    }

    NgramTable table() {
        return table;
    }

    List<RowNgrams> rows() {
        return rows;
    }

    /** Returns the index of the row that an n-gram belongs to. */
    int rowOf(int ngram) {
        int found = Arrays.binarySearch(firstNgrams, 0, rows.size() + 1, ngram);
        return found >= 0 ? found : -found - 2;
    }

    /** First n-gram of a row. */
    int firstNgram(int row) {
        return firstNgrams[row];
    }
}
