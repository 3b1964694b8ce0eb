package io.rootstock.evaluation.contamination;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The n-grams of tasks, to be found in training data. Holds about 32 bytes for each n-gram, the text included: about 270 MB
 * with {@link #MAX_NGRAMS}. Several threads may search it after the last task was added.
 */
public final class ContaminationIndex {
    /** Maximum number of n-grams: about 80,000 rows of 100 words. */
    public static final int MAX_NGRAMS = 8 << 20;

    private final int bits;
    private int ngrams;
    private final int most;
    private final NgramLengths lengths;
    private final List<TaskTexts> tasks = new ArrayList<>();
    /** Rows of all tasks in order; only those with n-grams. */
    private final List<RowNgrams> rows = new ArrayList<>();
    /** Index after the last row of each task. */
    private final List<Integer> taskEnds = new ArrayList<>();

    /** First n-gram of each row, then the number of n-grams. */
    private int[] firstNgrams = new int[16];

    /** Tables of the n-grams with a unit, by the length of their anchors. */
    private final Map<TextUnit, SortedMap<Integer, NgramTable>> tables = new EnumMap<>(TextUnit.class);

    /** Creates an empty index of n-grams with the standard lengths. */
    public ContaminationIndex() {
        this(NgramLengths.DEFAULT);
    }

    /** Creates an empty index of n-grams with these lengths. */
    public ContaminationIndex(NgramLengths lengths) {
        this(Long.SIZE, MAX_NGRAMS, lengths);
    }

    /**
     * @param bits bits of the hashes that are used
     * @param most maximum number of n-grams
     */
    ContaminationIndex(int bits, int most, NgramLengths lengths) {
        this.bits = bits;
        this.most = most;
        this.lengths = lengths;
        for (TextUnit unit : TextUnit.values()) {
            tables.put(unit, new TreeMap<>());
        }
    }

    /** Whether a task can be added. */
    public boolean fits(TaskTexts task) {
        return ngrams + task.ngrams() <= most;
    }

    /**
     * Adds a task.
     *
     * @throws IllegalArgumentException if it does not fit, or its n-grams have other lengths than the index
     */
    public void add(TaskTexts task) {
        if (!task.lengths().equals(lengths)) {
            throw new IllegalArgumentException(
                    "task " + task.task() + " has " + task.lengths() + ", the index " + lengths);
        }
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
        taskEnds.add(rows.size());
    }

    private void add(RowNgrams row) {
        int anchor = lengths.anchor(row.unit(), row.size());
        NgramTable table = tables.get(row.unit()).computeIfAbsent(anchor, _ -> new NgramTable(bits));
        rows.add(row);
        int[] next = {0};
        RollingHashes hashes = new RollingHashes(row.size(), anchor);
        RowNgrams.units(row.unit(), row.text(), hashes, () -> {
            if (next[0] < row.positions().length && hashes.count() - row.size() == row.positions()[next[0]]) {
                table.add(ngrams++, hashes.hash(1), hashes.hash(0), row.size());
                next[0]++;
            }
        });
        if (rows.size() == firstNgrams.length) {
            firstNgrams = Arrays.copyOf(firstNgrams, 2 * firstNgrams.length);
        }
        firstNgrams[rows.size()] = ngrams;
    }

    /** Tasks in the order of their addition. */
    List<TaskTexts> tasks() {
        return tasks;
    }

    /** Lengths of the anchors of n-grams with a unit, ascending. */
    int[] anchors(TextUnit unit) {
        return tables.get(unit).keySet().stream().mapToInt(Integer::intValue).toArray();
    }

    /** N-grams with a unit, one table for each length of {@link #anchors}. */
    NgramTable[] tables(TextUnit unit) {
        return tables.get(unit).values().toArray(NgramTable[]::new);
    }

    List<RowNgrams> rows() {
        return rows;
    }

    /** Returns the index of the row that an n-gram belongs to. */
    int rowOf(int ngram) {
        int found = Arrays.binarySearch(firstNgrams, 0, rows.size() + 1, ngram);
        return found >= 0 ? found : -found - 2;
    }

    /** Name of the task that a row belongs to. */
    String taskOf(int row) {
        int task = 0;
        while (taskEnds.get(task) <= row) {
            task++;
        }
        return tasks.get(task).task();
    }

    /** First n-gram of a row. */
    int firstNgram(int row) {
        return firstNgrams[row];
    }
}
