package io.rootstock.tokenizer.dataset;

import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.SplitFractions;
import java.util.List;
import java.util.Random;

/** Decides which split a row belongs to, by seed or by place. */
final class Splitter {
    /** Fractional part of the golden ratio: its multiples spread over [0, 1) more evenly than random draws. */
    private static final double GOLDEN = 0.6180339887498949;

    /** Share of the rows in each held-out split, unless the request says otherwise. */
    private static final double HELD_OUT = 0.05;

    private final double train;
    private final double validation;
    private final double offset;

    private Splitter(double train, double validation, long seed) {
        this.train = train;
        this.validation = validation;
        offset = new Random(seed).nextDouble();
    }

    /** The request's fractions; where it has none, those of the splits that no source is as a whole. */
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
