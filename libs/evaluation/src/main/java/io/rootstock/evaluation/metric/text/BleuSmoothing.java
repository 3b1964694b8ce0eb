package io.rootstock.evaluation.metric.text;

import java.util.Locale;

/** Treatment of n-gram orders without matches in BLEU (Chen and Cherry 2014). */
public sealed interface BleuSmoothing {
    /** Half of a match in the first order without matches, a quarter in the second, and so on. */
    record Exponential() implements BleuSmoothing {
        @Override
        public String label() {
            return "exp";
        }
    }

    /** An order without matches makes the score 0. */
    record None() implements BleuSmoothing {
        @Override
        public String label() {
            return "none";
        }
    }

    /**
     * An order without matches counts {@code value} matches.
     *
     * @param value above 0; sacreBLEU's default is 0.1
     */
    record Floor(double value) implements BleuSmoothing {
        public Floor {
            requirePositive(value);
        }

        @Override
        public String label() {
            return String.format(Locale.ROOT, "floor[%.2f]", value);
        }
    }

    /**
     * Adds {@code value} to the matches and n-grams of all orders but the first.
     *
     * @param value above 0; sacreBLEU's default is 1
     */
    record AddK(double value) implements BleuSmoothing {
        public AddK {
            requirePositive(value);
        }

        @Override
        public String label() {
            return String.format(Locale.ROOT, "add-k[%.2f]", value);
        }
    }

    /** Name in signatures, with the value. */
    String label();

    private static void requirePositive(double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("BLEU smoothing value " + value + " is not above 0");
        }
    }
}
