package io.rootstock.tokenizer.split;

import io.rootstock.tokenizer.v1.DuplicateRow;
import io.rootstock.tokenizer.v1.RowPlace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reference: finds held-out rows whose tokens equal those of a row in another split, also if their labels differ. */
final class NaiveSplitOverlap {
    private static final int KEPT = 100;

    private final Map<Tokens, Map<SplitName, List<Place>>> places = new LinkedHashMap<>();
    private final List<DuplicateRow> rows = new ArrayList<>();

    /** Position of a row in its file. */
    private record Place(String file, long line) {}

    /** Tokens compared by value. */
    @SuppressWarnings("ArrayRecordComponent") // equals and hashCode are by value
    private record Tokens(int[] ids) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Tokens(int[] others) && Arrays.equals(ids, others);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(ids);
        }
    }

    /** Adds a row of a split. */
    void add(Example row, SplitName split, String file, long line) {
        places.computeIfAbsent(new Tokens(row.tokens()), key -> new EnumMap<>(SplitName.class))
                .computeIfAbsent(split, key -> new ArrayList<>(1))
                .add(new Place(file, line));
    }

    /** Compares the splits; called once, after the last row. */
    void finish() {
        for (Map<SplitName, List<Place>> bySplit : places.values()) {
            if (bySplit.size() > 1) {
                compare(bySplit);
            }
        }
        places.clear();
        rows.sort(Comparator.comparing((DuplicateRow row) -> row.getRow().getSplit())
                .thenComparing(row -> row.getRow().getFile())
                .thenComparing(row -> row.getRow().getLine()));
    }

    /** Number of held-out rows that are also in another split. */
    long count() {
        return rows.size();
    }

    /** The first duplicate rows, by split, file and line. */
    List<DuplicateRow> first() {
        return rows.stream().limit(KEPT).toList();
    }

    private void compare(Map<SplitName, List<Place>> bySplit) {
        // The iteration order of an enum map is train, validation, test.
        SplitName original = bySplit.keySet().iterator().next();
        RowPlace first = place(original, bySplit.get(original).getFirst());
        bySplit.forEach((split, found) -> {
            if (split != original) {
                found.forEach(row -> rows.add(DuplicateRow.newBuilder()
                        .setRow(place(split, row))
                        .setSameAs(first)
                        .build()));
            }
        });
    }

    private static RowPlace place(SplitName split, Place place) {
        return RowPlace.newBuilder()
                .setSplit(split.key())
                .setFile(place.file())
                .setLine(place.line())
                .build();
    }
}
