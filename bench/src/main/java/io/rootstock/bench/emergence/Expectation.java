package io.rootstock.bench.emergence;

import java.util.List;

/**
 * Outcome that was expected before the first run, of the largest model at its last checkpoint.
 *
 * @param quick outcome of the quick run
 * @param whole outcome of the whole run
 * @param reason why
 */
record Expectation(Measure measure, Outcome quick, Outcome whole, String reason) {
    /**
     * Written on 28 November 2026, before any model was trained. The gains compare with another row's source since 29
     * November, before the whole run; with that, the expected gain of translation changed from worse to no difference.
     */
    static final List<Expectation> ALL = List.of(
            new Expectation(
                    Measure.BITS_PER_BYTE,
                    Outcome.BETTER,
                    Outcome.BETTER,
                    "falls with tokens; small models lead at few tokens, large ones at many"),
            new Expectation(
                    Measure.INDUCTION,
                    Outcome.NO_DIFFERENCE,
                    Outcome.NO_DIFFERENCE,
                    "appears at once, but after hundreds of millions of tokens (arXiv:2209.11895)"),
            new Expectation(
                    Measure.REPETITION,
                    Outcome.BETTER,
                    Outcome.BETTER,
                    "words recur in prose, and attention finds recent ones early"),
            new Expectation(
                    Measure.INDUCTION_ACCURACY,
                    Outcome.WORSE,
                    Outcome.WORSE,
                    "prose continues with function words, not with the listed nouns"),
            new Expectation(
                    Measure.BLIMP,
                    Outcome.NO_DIFFERENCE,
                    Outcome.BETTER,
                    "near 0.55 (quick) and 0.6 (5-grams 0.612, LSTM 0.698); agreement before islands"),
            new Expectation(
                    Measure.SENTIMENT_AUC,
                    Outcome.NO_DIFFERENCE,
                    Outcome.NO_DIFFERENCE,
                    "the books have no reviews and hardly the two labels"),
            new Expectation(Measure.SENTIMENT_ACCURACY, Outcome.NO_DIFFERENCE, Outcome.NO_DIFFERENCE, "as the area"),
            new Expectation(
                    Measure.TRANSLATION,
                    Outcome.WORSE,
                    Outcome.WORSE,
                    "the books have no German: below the copied source"),
            new Expectation(
                    Measure.TRANSLATION_GAIN,
                    Outcome.NO_DIFFERENCE,
                    Outcome.NO_DIFFERENCE,
                    "German is equally improbable after any English source"),
            new Expectation(
                    Measure.SUMMARIES, Outcome.WORSE, Outcome.WORSE, "below the first sentence of the document"),
            new Expectation(Measure.SUMMARIES_GAIN, Outcome.BETTER, Outcome.BETTER, "words of the document recur"),
            new Expectation(Measure.ANSWERS, Outcome.WORSE, Outcome.WORSE, "no span is copied without induction"),
            new Expectation(
                    Measure.ANSWERS_GAIN,
                    Outcome.NO_DIFFERENCE,
                    Outcome.BETTER,
                    "words of the passage recur; names in pieces need more than repetition"));

    Outcome outcome(boolean isQuick) {
        return isQuick ? quick : whole;
    }

    /** Prints the table. */
    static void print(boolean isQuick) {
        System.out.println("expected before the run, largest model at its last checkpoint, compared with chance or the"
                + " baseline:");
        for (Expectation expectation : ALL) {
            System.out.printf(
                    "  %-20s %-14s %s%n",
                    expectation.measure.key(), expectation.outcome(isQuick).text(), expectation.reason);
        }
    }
}
