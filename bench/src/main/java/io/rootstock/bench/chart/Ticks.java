package io.rootstock.bench.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Values and texts of ticks. */
final class Ticks {
    private static final int MIN = 4;
    private static final int MAX_DECIMALS = 6;
    private static final double ROUNDING = 1e-6;
    private static final double[] STEPS = {5, 2.5, 2, 1};

    private Ticks() {}

    /** Returns round values from low to high, at least four, of which neither end is beyond the range. */
    static List<Double> round(double low, double high) {
        double power = Math.pow(10, Math.floor(Math.log10(high - low)));
        List<Double> ticks = new ArrayList<>();
        for (int i = 0; ticks.size() < MIN; i++) {
            double step = STEPS[i % STEPS.length] * power / Math.pow(10, Math.floorDiv(i, STEPS.length));
            ticks.clear();
            for (long n = (long) Math.ceil(low / step); n * step <= high; n++) {
                ticks.add(n * step);
            }
        }
        return ticks;
    }

    /** Text of a value with as many decimals as the distance of two ticks needs. */
    static String value(double value, double distance) {
        int decimals = 0;
        double scaled = distance;
        while (decimals < MAX_DECIMALS && Math.abs(scaled - Math.rint(scaled)) > ROUNDING) {
            scaled *= 10;
            decimals++;
        }
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return text.matches("-0(\\.0*)?") ? text.substring(1) : text;
    }

    /** Text of a count, such as 250k or 1.5M. */
    static String count(double value) {
        return value >= 1e6
                ? plain(value / 1e6, 1) + "M"
                : value >= 1e3 ? plain(value / 1e3, 0) + "k" : plain(value, 0);
    }

    private static String plain(double value, int decimals) {
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
