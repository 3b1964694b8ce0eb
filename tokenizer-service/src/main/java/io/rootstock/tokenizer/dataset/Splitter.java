package io.rootstock.tokenizer.dataset;

import io.rootstock.tokenizer.v1.SplitFractions;
import java.util.List;
import java.util.Random;

/** Decides which split a row belongs to, by seed or by place. */
final class Splitter {
    /** Fractional part of the golden ratio: its multiples spread over [0, 1) more evenly than random draws. */
    private static final double GOLDEN = 0.6180339887498949;

    private final double train;
    private final double validation;
    private final double offset;

    Splitter(SplitFractions fractions, long seed) {
        boolean unset = fractions.getTrain() == 0 && fractions.getValidation() == 0 && fractions.getTest() == 0;
        train = unset ? 0.9 : fractions.getTrain();
        validation = unset ? 0.05 : fractions.getValidation();
        offset = new Random(seed).nextDouble();
    }

    /** The split of document number {@code index}; every long enough run of documents has its share in each split. */
    SplitName ofDocument(long index) {
        double place = offset + GOLDEN * index;
        return at(place - Math.floor(place));
    }

    /** The places where one split ends and the next begins in a split in order. */
    List<Double> borders() {
        return List.of(train, train + validation);
    }

    /** The split at a place in order, 0 to 1. */
    SplitName at(double place) {
        if (place < train) {
            return SplitName.TRAIN;
        }
        // Half a billionth: the sum of fractions such as 0.7 + 0.1 + 0.2 is not exactly 1.
        return place < train + validation - 5e-10 ? SplitName.VALIDATION : SplitName.TEST;
    }

    /** The split of row {@code index} of {@code count} shuffled or ordered rows: exact shares, rounded down. */
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
