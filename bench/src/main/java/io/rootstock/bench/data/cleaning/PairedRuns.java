package io.rootstock.bench.data.cleaning;

import io.rootstock.evaluation.statistic.Interval;
import io.rootstock.evaluation.statistic.MeanEstimate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Pre-trainings of both sides with equal seeds: equal initial weights, model, steps and learning rate.
 *
 * @param pairs by seed, ascending
 */
record PairedRuns(List<Pair> pairs) {
    static final double CONFIDENCE = 0.95;

    /** Both sides of a seed. */
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
     * Pairs the points.
     *
     * @throws IllegalArgumentException if a seed has one side only, or its sides differ in more than the corpus
     */
    static PairedRuns of(List<Point> points) {
        List<Pair> pairs = new ArrayList<>();
        for (Point raw : points.stream()
                .filter(point -> point.side() == Side.RAW)
                .sorted(Comparator.comparingLong(Point::seed))
                .toList()) {
            Point cleaned = points.stream()
                    .filter(point -> point.side() == Side.CLEANED && point.isPairOf(raw))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no cleaned run equals " + raw + " in all but the corpus"));
            pairs.add(new Pair(raw, cleaned));
        }
        if (2 * pairs.size() != points.size()) {
            throw new IllegalArgumentException(points.size() + " runs are not " + pairs.size() + " pairs");
        }
        return new PairedRuns(pairs);
    }

    /** Mean of a side, bits per byte. */
    double mean(Side side) {
        return pairs.stream()
                .map(pair -> side == Side.RAW ? pair.raw() : pair.cleaned())
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
