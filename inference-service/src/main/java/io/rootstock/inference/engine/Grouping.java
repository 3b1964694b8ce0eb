package io.rootstock.inference.engine;

/**
 * Whether few running texts are decoded together or one after another. Together is not always faster: for one token the
 * library multiplies by a kernel that is up to three times as fast for each token as the one for two to four, so that with
 * some number formats four passes over the weights cost less than one with four tokens. Which it is depends on model and
 * processor, so both are tried and the faster stays, for each number of texts. Engine thread only.
 */
final class Grouping {
    /** Above this, together has always been faster. */
    private static final int MOST = 8;

    private static final int SAMPLES = 4;
    private static final int STEPS_UNTIL_TRIED_AGAIN = 4096;

    private final Times[] times = new Times[MOST + 1];

    Grouping() {
        for (int texts = 0; texts <= MOST; texts++) {
            times[texts] = new Times();
        }
    }

    /** The fastest decodes of so many texts. */
    private static final class Times {
        private long together = Long.MAX_VALUE;
        private long apart = Long.MAX_VALUE;
        private int steps;
    }

    /** Whether so many texts are decoded one after another now. */
    boolean apart(int texts) {
        if (texts < 2 || texts > MOST) {
            return false;
        }
        Times known = times[texts];
        return known.steps < 2 * SAMPLES ? known.steps % 2 == 1 : known.apart < known.together;
    }

    /** They took so long. */
    void took(int texts, boolean apart, long nanoseconds) {
        if (texts < 2 || texts > MOST) {
            return;
        }
        Times known = times[texts];
        if (apart) {
            known.apart = Math.min(known.apart, nanoseconds);
        } else {
            known.together = Math.min(known.together, nanoseconds);
        }
        if (++known.steps == STEPS_UNTIL_TRIED_AGAIN) {
            times[texts] = new Times();
        }
    }
}
