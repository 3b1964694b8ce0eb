package io.rootstock.evaluation.contamination;

import java.util.List;

/**
 * A row of which a document has n-grams.
 *
 * @param task name of the task
 * @param row index of the row in its split
 * @param ngrams number of the row's n-grams
 * @param found number of them in the document, at least 1
 * @param places parts of the document with them, ascending and apart from each other
 */
public record RowInDocument(String task, int row, int ngrams, int found, List<Place> places) {
    public RowInDocument {
        places = List.copyOf(places);
    }

    /**
     * A part of a document.
     *
     * @param from index of its first byte
     * @param to index after its last byte
     */
    public record Place(int from, int to) {}

    /** Share of the row's n-grams that the document has, above 0, at most 1. */
    public double share() {
        return (double) found / ngrams;
    }
}
