package io.rootstock.bench.data.cleaning;

import io.rootstock.evaluation.statistic.Interval;
import java.util.Locale;

/**
 * Outcome that was expected before the first run.
 *
 * @param difference bits per byte, cleaned minus raw
 * @param junkRemoved share of the bytes of junk
 * @param cleanRemoved share of the bytes of clean text
 * @param reason why
 */
record Expectation(Interval difference, Interval junkRemoved, Interval cleanRemoved, String reason) {
    private static final Interval JUNK = new Interval(0.85, 0.97);
    private static final Interval CLEAN = new Interval(0, 0.05);

    /** Written on 29 November 2026, before any model was trained; unchanged since. */
    static final Expectation QUICK = new Expectation(
            new Interval(-0.12, -0.03),
            JUNK,
            CLEAN,
            "neither side repeats its text; copies teach as much as their originals, so that the raw side loses a fourth of its\n"
                    + "  useful tokens, and a tenth of a bit is lost with half of them");

    /** Written on 29 November 2026, before any model was trained; unchanged since. */
    static final Expectation WHOLE = new Expectation(
            new Interval(-0.10, -0.02),
            JUNK,
            CLEAN,
            "less than in the quick run: a loss that falls more slowly loses less with missing tokens, and the cleaned text\n"
                    + "  repeats sooner");

    /**
     * Written on 29 November 2026, after the first runs of the side {@link Side#CLEANED} and before any model was trained on the
     * side {@link Side#ADAPTED}; unchanged since.
     */
    static final Expectation ADAPTED_QUICK = new Expectation(
            new Interval(-0.12, -0.03), JUNK, CLEAN, "as expected of the published thresholds before their run");

    /** Written with {@link #ADAPTED_QUICK}; unchanged since. */
    static final Expectation ADAPTED_WHOLE = new Expectation(
            new Interval(-0.10, -0.02), JUNK, CLEAN, "as expected of the published thresholds before their run");

    static Expectation of(Side side, boolean isQuick) {
        return switch (side) {
            case RAW ->
                throw new IllegalArgumentException(
                        "the raw side has no expectation; state one of the sides that are compared with it");
            case CLEANED -> isQuick ? QUICK : WHOLE;
            case ADAPTED -> isQuick ? ADAPTED_QUICK : ADAPTED_WHOLE;
        };
    }

    void print(Side side) {
        System.out.printf(
                Locale.ROOT, """
                expected of the side %s before its first run:
                  difference, minus raw: %s bits per byte, interval of 95 %% below 0
                  junk removed: %s; clean text removed: %s
                  %s
                """, side.label(), text(difference), text(junkRemoved), text(cleanRemoved), reason);
    }

    /** Prints whether the outcome is the expected one. */
    void compare(PairedRuns runs, Removal removal) {
        double measured = runs.difference().mean();
        System.out.printf("expectation%n");
        compare("difference", difference, measured);
        System.out.printf(
                "  interval below 0: %s%n",
                runs.interval().high() < 0 ? "holds" : "does not hold: no proof that cleaning helps");
        compare("junk removed", junkRemoved, removal.allJunk().removed());
        compare("clean text removed", cleanRemoved, removal.allClean().removed());
    }

    private static void compare(String name, Interval expected, double measured) {
        System.out.printf(
                Locale.ROOT,
                "  %s %.4f, expected %s: %s%n",
                name,
                measured,
                text(expected),
                expected.contains(measured) ? "holds" : "does not hold");
    }

    private static String text(Interval interval) {
        return String.format(Locale.ROOT, "%.2f to %.2f", interval.low(), interval.high());
    }
}
