package io.rootstock.bench.rounds;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Results of one side's turns, in the order of the rounds. */
public record Samples<R>(List<R> results) {
    public Samples {
        results = List.copyOf(results);
    }

    public double smallest(ToDoubleFunction<R> value) {
        return results.stream().mapToDouble(value).min().orElseThrow();
    }

    public double largest(ToDoubleFunction<R> value) {
        return results.stream().mapToDouble(value).max().orElseThrow();
    }

    /** The mean of the two middle values if their number is even. */
    public double median(ToDoubleFunction<R> value) {
        return median(results.stream().mapToDouble(value).toArray());
    }

    /** Returns the median, over the rounds, of this side's value divided by the other side's. */
    public double medianRatio(Samples<R> other, ToDoubleFunction<R> value) {
        return median(IntStream.range(0, results.size())
                .mapToDouble(round ->
                        value.applyAsDouble(results.get(round)) / value.applyAsDouble(other.results.get(round)))
                .toArray());
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
