package io.rootstock.corpus.privacy;

/** A range of bytes in a long, so that rules allocate nothing. */
final class Span {
    static final long NONE = -1;

    private Span() {}

    static long of(int start, int end) {
        return (long) start << 32 | end;
    }

    static int start(long span) {
        return (int) (span >>> 32);
    }

    static int end(long span) {
        return (int) span;
    }
}
