package io.rootstock.corpus.engine.count;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Documents and bytes of text before and after a step.
 *
 * @param step name of the step
 * @param documentsIn documents before
 * @param bytesIn UTF-8 bytes of their texts
 * @param documentsOut documents after
 * @param bytesOut UTF-8 bytes of their texts
 * @param edits number of changes by kind
 * @param removed number of removed documents by reason
 * @param samples up to {@value #MAX_SAMPLES} removed documents with the least hash of their location
 */
public record StepCounts(
        String step,
        long documentsIn,
        long bytesIn,
        long documentsOut,
        long bytesOut,
        SortedMap<String, Long> edits,
        SortedMap<String, Long> removed,
        List<RemovedSample> samples) {
    /** Maximum number of samples. */
    public static final int MAX_SAMPLES = 10;

    public StepCounts {
        edits = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, Long>) edits));
        removed = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, Long>) removed));
        samples = List.copyOf(samples);
    }

    /** Adds the counts of one step in two sets of documents. */
    public StepCounts plus(StepCounts other) {
        if (!step.equals(other.step)) {
            throw new IllegalArgumentException("cannot add counts of " + other.step + " to counts of " + step);
        }
        return new StepCounts(
                step,
                documentsIn + other.documentsIn,
                bytesIn + other.bytesIn,
                documentsOut + other.documentsOut,
                bytesOut + other.bytesOut,
                sum(edits, other.edits),
                sum(removed, other.removed),
                Stream.concat(samples.stream(), other.samples.stream())
                        .sorted(RemovedSample.ORDER)
                        .limit(MAX_SAMPLES)
                        .toList());
    }

    private static SortedMap<String, Long> sum(Map<String, Long> first, Map<String, Long> second) {
        SortedMap<String, Long> sum = new TreeMap<>(first);
        second.forEach((key, count) -> sum.merge(key, count, Long::sum));
        return sum;
    }
}
