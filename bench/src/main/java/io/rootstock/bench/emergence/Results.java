package io.rootstock.bench.emergence;

import io.rootstock.bench.chart.Mark;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Measures of all versions.
 *
 * @param points points of the same depths and tokens for every seed
 */
record Results(List<Point> points) {
    Results {
        points = List.copyOf(points);
    }

    /** Depths with their parameters, ascending. */
    Map<Integer, Long> parameters() {
        return points.stream()
                .collect(Collectors.toMap(Point::depth, Point::parameters, (first, _) -> first, TreeMap::new));
    }

    /** Tokens of the checkpoints, ascending. */
    List<Long> tokens() {
        return points.stream().map(Point::tokens).distinct().sorted().toList();
    }

    /** Points of a checkpoint, by seed. */
    List<Point> at(int depth, long tokens) {
        return points.stream()
                .filter(point -> point.depth() == depth && point.tokens() == tokens)
                .toList();
    }

    /** Points of the largest model at its last checkpoint. */
    List<Point> largest() {
        return at(points.stream().mapToInt(Point::depth).max().orElseThrow(), tokens().getLast());
    }

    /** Points of the smallest model at its first checkpoint. */
    List<Point> smallest() {
        return at(points.stream().mapToInt(Point::depth).min().orElseThrow(), tokens().getFirst());
    }

    /** A measure by tokens. */
    List<Mark> byTokens(Measure measure, int depth) {
        return tokens().stream()
                .map(tokens -> mark(tokens, Summary.of(measure, at(depth, tokens))))
                .toList();
    }

    /** A measure by parameters. */
    List<Mark> byParameters(Measure measure, long tokens) {
        return parameters().entrySet().stream()
                .map(entry -> mark(entry.getValue(), Summary.of(measure, at(entry.getKey(), tokens))))
                .toList();
    }

    private static Mark mark(double x, Summary summary) {
        return new Mark(x, summary.mean(), Summary.QUANTILE * summary.rowError(), summary.seedError());
    }
}
