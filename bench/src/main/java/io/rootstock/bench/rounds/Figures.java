package io.rootstock.bench.rounds;

import java.util.Locale;

/** The last lines of an executable, {@code key=value}, which {@code bench/compare} and the reports read. */
public final class Figures {
    private Figures() {}

    /** Prints a ratio or another figure with three decimals; NaN, not measured, as {@code skipped}. */
    public static void print(String key, double value) {
        System.out.println(key + "=" + (Double.isNaN(value) ? "skipped" : String.format(Locale.ROOT, "%.3f", value)));
    }
}
