package io.rootstock.corpus.privacy;

import java.util.Arrays;

/** Ranges of bytes with personal data, in order and without overlap. */
public final class PiiMatches {
    private int[] starts = new int[4];
    private int[] ends = new int[4];
    private PiiKind[] kinds = new PiiKind[4];
    private int count;

    PiiMatches() {}

    void add(PiiKind kind, int start, int end) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, count * 2);
            ends = Arrays.copyOf(ends, count * 2);
            kinds = Arrays.copyOf(kinds, count * 2);
        }
        starts[count] = start;
        ends[count] = end;
        kinds[count] = kind;
        count++;
    }

    /** Number of ranges. */
    public int count() {
        return count;
    }

    /** First byte of a range. */
    public int start(int index) {
        return starts[index];
    }

    /** End of a range. */
    public int end(int index) {
        return ends[index];
    }

    /** Kind of a range. */
    public PiiKind kind(int index) {
        return kinds[index];
    }
}
