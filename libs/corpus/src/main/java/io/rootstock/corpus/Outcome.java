package io.rootstock.corpus;

import java.util.Map;

/** Result of a step for a document. */
public sealed interface Outcome {
    /**
     * The document stays.
     *
     * @param document the document, changed or not
     * @param edits number of changes by kind, for the report ("e-mail": 2); empty if the text is unchanged
     */
    record Kept(Document document, Map<String, Integer> edits) implements Outcome {
        /** Keeps a document unchanged. */
        public Kept(Document document) {
            this(document, Map.of());
        }
    }

    /**
     * The document is removed.
     *
     * @param reason rule that removed it, from a fixed set for each step, so that a report can count it ("too few words")
     */
    record Removed(String reason) implements Outcome {}
}
