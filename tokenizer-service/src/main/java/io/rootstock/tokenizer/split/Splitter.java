package io.rootstock.tokenizer.split;

import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.SplitFractions;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Assigns rows to splits, by seed or by position. */
final class Splitter {
    /** Fractional part of the golden ratio: its multiples spread over [0, 1) more evenly than random draws. */
    private static final double GOLDEN = 0.6180339887498949;

    /** Default share of the rows in each held-out split. */
    private static final double HELD_OUT = 0.05;

    private final double train;
    private final double validation;
    private final double offset;

    private Splitter(double train, double validation, long seed) {
        this.train = train;
        this.validation = validation;
        offset = new Random(seed).nextDouble();
    }

    /** Uses the requested fractions; by default, splits without a source of their own get the standard share. */
    static Splitter of(PrepareDatasetRequest request) {
        SplitFractions asked = request.getSplits();
        if (asked.getTrain() != 0 || asked.getValidation() != 0 || asked.getTest() != 0) {
            return new Splitter(asked.getTrain(), asked.getValidation(), request.getSeed());
        }
        double validation = isGiven(request, SplitName.VALIDATION) ? 0 : HELD_OUT;
        double test = isGiven(request, SplitName.TEST) ? 0 : HELD_OUT;
        return new Splitter(1 - (validation + test), validation, request.getSeed());
    }

    private static boolean isGiven(PrepareDatasetRequest request, SplitName split) {
        return request.getSourcesList().stream()
                .anyMatch(source -> source.getSplit().equals(split.key()));
    }

    /**
     * Returns the split of document {@code index}; every sufficiently long run of documents contains all splits'
     * shares.
     */
    SplitName ofDocument(long index) {
        double place = offset + GOLDEN * index;
        return at(place - Math.floor(place));
    }

    /** Returns the boundaries of the splits in an ordered split. */
    List<Double> borders() {
        return List.of(train, train + validation);
    }

    /** Returns the split at a position in order, 0 to 1. */
    SplitName at(double place) {
        if (place < train) {
            return SplitName.TRAIN;
        }
        // Tolerance of half a billionth: the sum of fractions such as 0.7 + 0.1 + 0.2 is not exactly 1.
        return place < train + validation - 5e-10 ? SplitName.VALIDATION : SplitName.TEST;
    }

    /** Returns the number of rows of each split of {@code count} rows. */
    Map<SplitName, Integer> sizes(int count) {
        Map<SplitName, Integer> sizes = new EnumMap<>(SplitName.class);
        for (int index = 0; index < count; index++) {
            sizes.merge(ofRow(index, count), 1, Integer::sum);
        }
        return sizes;
    }

    /** Share of the rows in a split, 0 to 1. */
    double share(SplitName split) {
        return switch (split) {
            case TRAIN -> train;
            case VALIDATION -> validation;
            case TEST -> Math.max(0, 1 - train - validation);
        };
    }

    /** Returns the split of row {@code index} of {@code count} rows: exact shares, rounded down. */
    SplitName ofRow(int index, int count) {
        int trainRows = (int) (train * count);
        int validationRows = (int) (validation * count);
        if (index < trainRows) {
            return SplitName.TRAIN;
        }
        return index < trainRows + validationRows || train + validation >= 1 - 1e-9
                ? SplitName.VALIDATION
                : SplitName.TEST;
    }
}
