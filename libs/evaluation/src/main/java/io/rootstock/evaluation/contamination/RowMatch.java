package io.rootstock.evaluation.contamination;

import java.util.BitSet;

/**
 * A row that is in the searched documents.
 *
 * @param row index of the row in its split
 * @param ngrams number of n-grams that were searched for
 * @param found those that were found; at least one
 * @param place first document with one of them
 */
public record RowMatch(int row, int ngrams, BitSet found, Place place) {
    public RowMatch {
        found = (BitSet) found.clone();
        if (found.isEmpty() || found.length() > ngrams) {
            throw new IllegalArgumentException("found " + found + " of " + ngrams + " n-grams");
        }
    }

    /** Share of the n-grams that were found, above 0, at most 1. */
    public double share() {
        return (double) found.cardinality() / ngrams;
    }

    /** Returns the union with the match of the same row in other documents; the place is this one's. */
    public RowMatch with(RowMatch other) {
        BitSet union = (BitSet) found.clone();
        union.or(other.found);
        return new RowMatch(row, ngrams, union, place);
    }
}
