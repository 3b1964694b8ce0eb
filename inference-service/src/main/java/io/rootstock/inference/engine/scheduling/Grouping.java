package io.rootstock.inference.engine.scheduling;

/**
 * Decides whether a few running completions are decoded in one batch or one after another. One batch is not always
 * faster: llama.cpp's matrix-vector kernel for one token is up to three times as fast per token as its kernel for two
 * to four tokens, so that with some quantizations four passes over the weights take less time than one pass with four
 * tokens. The result depends on model and processor, so both ways are measured, and the faster one is used, for each
 * number of completions. Engine thread only.
 */
final class Grouping {
    /** Number of completions above which one batch has always been faster. */
    private static final int MAX_COMPLETIONS = 8;

    private static final int SAMPLES = 4;
    private static final int STEPS_UNTIL_TRIED_AGAIN = 4096;

    private final Times[] times = new Times[MAX_COMPLETIONS + 1];

    Grouping() {
        for (int completions = 0; completions <= MAX_COMPLETIONS; completions++) {
            times[completions] = new Times();
        }
    }

    /** Minimum decode times of one number of completions, in nanoseconds. */
    private static final class Times {
        private long together = Long.MAX_VALUE;
        private long apart = Long.MAX_VALUE;
        private int steps;
    }

    /** Whether this number of completions is decoded one after another in the next step. */
    boolean apart(int completions) {
        if (completions < 2 || completions > MAX_COMPLETIONS) {
            return false;
        }
        Times known = times[completions];
        return known.steps < 2 * SAMPLES ? known.steps % 2 == 1 : known.apart < known.together;
    }

    /** Records the decode time of a step. */
    void took(int completions, boolean apart, long nanoseconds) {
        if (completions < 2 || completions > MAX_COMPLETIONS) {
            return;
        }
        Times known = times[completions];
        if (apart) {
            known.apart = Math.min(known.apart, nanoseconds);
        } else {
            known.together = Math.min(known.together, nanoseconds);
        }
        if (++known.steps == STEPS_UNTIL_TRIED_AGAIN) {
            times[completions] = new Times();
        }
    }
}
