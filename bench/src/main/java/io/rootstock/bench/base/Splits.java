package io.rootstock.bench.base;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Rows of a task by split, as used by Rootstock's dataset and the peers. */
public record Splits(List<LabelledRow> train, List<LabelledRow> validation, List<LabelledRow> test) {
    private static final long SEED = 1;

    /** Copies the lists. */
    public Splits {
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        test = List.copyOf(test);
    }

    /** Returns a sample with a bounded number of rows per split, drawn with a fixed seed. */
    public Splits atMost(int trainRows, int validationRows, int testRows) {
        return new Splits(drawn(train, trainRows), drawn(validation, validationRows), drawn(test, testRows));
    }

    /** Returns a sample with a bounded number of rows per class and split, drawn with a fixed seed. */
    public Splits ofEachClass(int trainRows, int validationRows, int testRows) {
        return new Splits(
                ofEachClass(train, trainRows), ofEachClass(validation, validationRows), ofEachClass(test, testRows));
    }

    /** Splits rows by shares, after shuffling with a fixed seed. */
    static Splits divided(List<LabelledRow> rows, double trainShare, double validationShare) {
        List<LabelledRow> shuffled = shuffled(rows);
        int train = (int) (trainShare * rows.size());
        int validation = train + (int) (validationShare * rows.size());
        return new Splits(
                shuffled.subList(0, train),
                shuffled.subList(train, validation),
                shuffled.subList(validation, rows.size()));
    }

    private static List<LabelledRow> drawn(List<LabelledRow> rows, int most) {
        return rows.size() <= most ? rows : shuffled(rows).subList(0, most);
    }

    private static List<LabelledRow> ofEachClass(List<LabelledRow> rows, int most) {
        Map<String, Integer> counts = new HashMap<>();
        return shuffled(rows).stream()
                .filter(row -> counts.merge(row.label(), 1, Integer::sum) <= most)
                .toList();
    }

    private static List<LabelledRow> shuffled(List<LabelledRow> rows) {
        List<LabelledRow> shuffled = new ArrayList<>(rows);
        Collections.shuffle(shuffled, new Random(SEED));
        return shuffled;
    }
}
