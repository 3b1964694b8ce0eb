package io.rootstock.evaluation.metric.text;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The n-grams of one length in a text.
 *
 * @param counts number of occurrences of each n-gram
 * @param total number of n-grams, repeated ones included
 */
record Ngrams(Map<List<String>, Integer> counts, long total) {
    static Ngrams of(List<String> symbols, int length) {
        Map<List<String>, Integer> counts = new HashMap<>();
        for (int start = 0; start + length <= symbols.size(); start++) {
            counts.merge(symbols.subList(start, start + length), 1, Integer::sum);
        }
        return new Ngrams(counts, Math.max(0, symbols.size() - length + 1));
    }

    /** Raises the counts in {@code most} to the counts of this text. */
    void addMaximum(Map<List<String>, Integer> most) {
        counts.forEach((ngram, count) -> most.merge(ngram, count, Math::max));
    }

    /** Number of occurrences that also occur in the reference, each n-gram at most as often as there. */
    long matches(Map<List<String>, Integer> reference) {
        long matches = 0;
        for (Map.Entry<List<String>, Integer> entry : counts.entrySet()) {
            matches += Math.min(entry.getValue(), reference.getOrDefault(entry.getKey(), 0));
        }
        return matches;
    }
}
