package io.rootstock.evaluation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Matches of the n-grams of one length between texts and their references, summed over the texts. */
final class Ngrams {
    private long hypothesis;
    private long reference;
    private long matches;

    /** Adds the n-grams of a text and of its reference. */
    void add(List<String> text, List<String> expected, int length) {
        Map<List<String>, Integer> counts = counts(text, length);
        Map<List<String>, Integer> expectedCounts = counts(expected, length);
        counts.forEach((ngram, count) -> {
            hypothesis += count;
            matches += Math.min(count, expectedCounts.getOrDefault(ngram, 0));
        });
        expectedCounts.values().forEach(count -> reference += count);
    }

    long hypothesis() {
        return hypothesis;
    }

    long reference() {
        return reference;
    }

    long matches() {
        return matches;
    }

    private static Map<List<String>, Integer> counts(List<String> symbols, int length) {
        Map<List<String>, Integer> counts = new HashMap<>();
        for (int start = 0; start + length <= symbols.size(); start++) {
            counts.merge(symbols.subList(start, start + length), 1, Integer::sum);
        }
        return counts;
    }
}
