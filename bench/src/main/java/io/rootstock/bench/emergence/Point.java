package io.rootstock.bench.emergence;

import java.util.Map;

/**
 * A version with its measures.
 *
 * @param depth layers
 * @param parameters number of parameters
 * @param tokens training tokens
 * @param values measures
 * @param grammar BLiMP accuracy by group of paradigms
 * @param positions induction score by position in the sequence, in nats
 */
record Point(
        int depth,
        long parameters,
        long seed,
        long tokens,
        Map<Measure, Value> values,
        Map<String, Double> grammar,
        Map<Integer, Double> positions) {
    Point {
        values = Map.copyOf(values);
        grammar = Map.copyOf(grammar);
        positions = Map.copyOf(positions);
    }

    Version version() {
        return new Version(depth, seed, tokens);
    }
}
