package io.rootstock.cli.display;

import com.google.protobuf.Timestamp;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Formats numbers, times and text for tables. */
public final class Format {
    private static final String[] STEPS = {"", "k", "M", "G", "T", "P", "E", "Z", "Y"};
    private static final double STEP = 1000;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private Format() {}

    /** 950, 12.3k, 4.56M, 1.20G. */
    public static String count(double value) {
        double rest = Math.abs(value);
        int step = 0;
        while (rest >= STEP && step < STEPS.length - 1) {
            rest /= STEP;
            step++;
        }
        if (step == 0) {
            return String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%.2f", value);
        }
        String digits = rest >= 100 ? "%.0f" : rest >= 10 ? "%.1f" : "%.2f";
        return (value < 0 ? "-" : "") + String.format(Locale.ROOT, digits, rest) + STEPS[step];
    }

    /** As {@link #count(double)}. */
    public static String count(long value) {
        return count((double) value);
    }

    /** As {@link #bytes(double)}. */
    public static String bytes(long value) {
        return bytes((double) value);
    }

    /** 12.3 MB (powers of 1000). */
    public static String bytes(double value) {
        return unit(value, "B");
    }

    /** 12.3 GFLOP: the prefix of {@link #count} before the unit. */
    public static String unit(double value, String unit) {
        String count = count(value);
        char last = count.charAt(count.length() - 1);
        return Character.isDigit(last)
                ? count + " " + unit
                : count.substring(0, count.length() - 1) + " " + last + unit;
    }

    /** 1 row, 2 rows. */
    public static String counted(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /** 8.2 s, 3 min 20 s, 2 h 5 min, 12.5 days. */
    public static String duration(double seconds) {
        if (!Double.isFinite(seconds)) {
            return "?";
        }
        if (seconds < 60) {
            return String.format(Locale.ROOT, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
        }
        long whole = Math.round(seconds);
        if (whole < 3600) {
            return whole / 60 + " min" + rest(whole % 60, " s");
        }
        if (whole < 48 * 3600) {
            return whole / 3600 + " h" + rest(whole % 3600 / 60, " min");
        }
        return String.format(Locale.ROOT, "%.1f days", seconds / 86_400);
    }

    private static String rest(long value, String unit) {
        return value == 0 ? "" : " " + value + unit;
    }

    /** $0.0042, $12.50, $1,234. */
    public static String dollars(double value) {
        String format = value >= 1000 ? "$%,.0f" : value >= 1 || value == 0 ? "$%.2f" : "$%.4f";
        return String.format(Locale.ROOT, format, value);
    }

    /** 12.3 %. */
    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    /** A small factor such as a learning rate: 0.00075 as 7.5e-4, 0.0025, three digits at most. */
    public static String rate(double value) {
        if (value == 0 || !Double.isFinite(value)) {
            return String.valueOf(value);
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        return exponent >= -3 && exponent < 3
                ? rounded.toPlainString()
                : rounded.scaleByPowerOfTen(-exponent).toPlainString() + "e" + exponent;
    }

    /** A value with a fixed number of decimals. */
    public static String fixed(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    /** Local date and time; empty if unset. */
    public static String time(Timestamp time) {
        return time.getSeconds() == 0 ? "" : time(Instant.ofEpochSecond(time.getSeconds()));
    }

    /** Local date and time. */
    public static String time(Instant time) {
        return TIME.format(time);
    }

    /** Duration from now to a time. */
    public static String until(Timestamp time) {
        return duration((double) Math.max(0, time.getSeconds() - Instant.now().getEpochSecond()));
    }

    /** The first twelve hexadecimal digits of a digest. */
    public static String digest(String digest) {
        int start = digest.indexOf(':') + 1;
        return digest.substring(start, Math.min(digest.length(), start + 12));
    }

    /** The text in one line, truncated to {@code width} with an ellipsis. */
    public static String fit(String text, int width) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= width ? line : line.substring(0, width - 1) + "…";
    }
}
