package io.rootstock.evaluation.metric.classes;

/** Checks of probabilities. */
final class Probabilities {
    private Probabilities() {}

    static void check(double[] probabilities, boolean[] outcomes) {
        if (probabilities.length != outcomes.length) {
            throw new IllegalArgumentException(
                    "%d probabilities but %d outcomes".formatted(probabilities.length, outcomes.length));
        }
        check(probabilities, "row ");
    }

    /** Names a wrong probability by the text and its position. */
    static void check(double[] probabilities, String name) {
        for (int i = 0; i < probabilities.length; i++) {
            if (!(probabilities[i] >= 0 && probabilities[i] <= 1)) {
                throw new IllegalArgumentException(
                        name + i + ": probability " + probabilities[i] + " is not between 0 and 1");
            }
        }
    }
}
