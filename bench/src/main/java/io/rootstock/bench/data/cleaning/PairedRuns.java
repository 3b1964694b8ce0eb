package io.rootstock.bench.data.cleaning;

import io.rootstock.evaluation.statistic.Interval;
import io.rootstock.evaluation.statistic.MeanEstimate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Pre-trainings on the raw corpus and on another side with equal seeds: equal initial weights, model, steps and learning rate.
 *
 * @param side the side beside the raw one
 * @param pairs by seed, ascending
 */
record PairedRuns(Side side, List<Pair> pairs) {
    static final double CONFIDENCE = 0.95;

    /** Runs of a seed. */
    record Pair(Point raw, Point cleaned) {
        /** Bits per byte, cleaned minus raw: negative if cleaning helps. */
        double difference() {
            return cleaned.bitsPerByte() - raw.bitsPerByte();
        }
    }

    PairedRuns {
        pairs = List.copyOf(pairs);
    }

    /**
     * Pairs the points of the raw corpus with those of a side; points of other sides have no influence.
     *
     * @throws IllegalArgumentException if a seed has one of the two only, or they differ in more than the corpus
     */
    static PairedRuns of(Side side, List<Point> points) {
        List<Point> cleaned = of(points, side);
        List<Pair> pairs = new ArrayList<>();
        for (Point raw : of(points, Side.RAW)) {
            Point pair = cleaned.stream()
                    .filter(point -> point.isPairOf(raw))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "no " + side.label() + " run equals " + raw + " in all but the corpus"));
            pairs.add(new Pair(raw, pair));
        }
        if (cleaned.size() != pairs.size()) {
            throw new IllegalArgumentException(
                    cleaned.size() + " " + side.label() + " runs do not pair with " + pairs.size() + " raw ones");
        }
        return new PairedRuns(side, pairs);
    }

    private static List<Point> of(List<Point> points, Side side) {
        return points.stream()
                .filter(point -> point.side() == side)
                .sorted(Comparator.comparingLong(Point::seed))
                .toList();
    }

    /** Mean of the raw runs, bits per byte. */
    double rawMean() {
        return mean(Pair::raw);
    }

    /** Mean of the other side's runs, bits per byte. */
    double cleanedMean() {
        return mean(Pair::cleaned);
    }

    private double mean(Function<Pair, Point> point) {
        return pairs.stream()
                .map(point)
                .mapToDouble(Point::bitsPerByte)
                .average()
                .orElse(Double.NaN);
    }

    /** Mean of the paired differences, cleaned minus raw. */
    MeanEstimate difference() {
        return MeanEstimate.of(pairs.stream().mapToDouble(Pair::difference).toArray());
    }

    /** Interval of 95 % of the difference by Student's t distribution, over seeds. */
    Interval interval() {
        return difference().studentInterval(CONFIDENCE);
    }
}
