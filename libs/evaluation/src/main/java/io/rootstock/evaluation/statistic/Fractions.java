package io.rootstock.evaluation.statistic;

/** Checks of values between 0 and 1. */
final class Fractions {
    private Fractions() {}

    static void check(String name, double value) {
        if (!(value > 0 && value < 1)) {
            throw new IllegalArgumentException(name + " " + value + " is not between 0 and 1");
        }
    }
}
