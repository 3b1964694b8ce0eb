package io.rootstock.corpus.engine.count;

import io.rootstock.corpus.Document;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts the documents of one step in one unit. */
public final class StepCounter {
    private final String step;
    private final SortedMap<String, Long> edits = new TreeMap<>();
    private final SortedMap<String, Long> removed = new TreeMap<>();
    private final PriorityQueue<RemovedSample> samples = new PriorityQueue<>(RemovedSample.ORDER.reversed());
    private long documentsIn;
    private long bytesIn;
    private long documentsOut;
    private long bytesOut;

    /** @param step name of the step */
    public StepCounter(String step) {
        this.step = step;
    }

    /** Counts a document that stays, with the changes of its text. */
    public void kept(Document before, Document after, Map<String, Integer> changes) {
        in(before);
        documentsOut++;
        bytesOut += after.text().length();
        changes.forEach((kind, count) -> edits.merge(kind, (long) count, Long::sum));
    }

    /** Counts a document that stays unchanged. */
    public void kept(Document document) {
        kept(document, document, Map.of());
    }

    /** Counts a removed document. */
    public void removed(Document document, String reason) {
        removed(document, reason, "");
    }

    /**
     * Counts a removed document.
     *
     * @param duplicateOf number of the similar document that stays in its place; empty for other reasons
     */
    public void removed(Document document, String reason, String duplicateOf) {
        in(document);
        removed.merge(reason, 1L, Long::sum);
        RemovedSample last = samples.peek();
        if (samples.size() < StepCounts.MAX_SAMPLES
                || Long.compareUnsigned(RemovedSample.hash(document.location()), RemovedSample.hash(last.location()))
                        <= 0) {
            samples.add(RemovedSample.of(document, reason, duplicateOf));
            if (samples.size() > StepCounts.MAX_SAMPLES) {
                samples.poll();
            }
        }
    }

    private void in(Document document) {
        documentsIn++;
        bytesIn += document.text().length();
    }

    /** Returns the counts so far. */
    public StepCounts counts() {
        List<RemovedSample> sorted =
                samples.stream().sorted(RemovedSample.ORDER).toList();
        return new StepCounts(step, documentsIn, bytesIn, documentsOut, bytesOut, edits, removed, sorted);
    }
}
