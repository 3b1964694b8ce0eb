package io.rootstock.cli.evaluation;

import io.rootstock.cli.display.Format;
import io.rootstock.evaluation.task.Metric;
import java.util.Optional;

/** Unit of a metric's values. Differences of shares and of percentages are stated in points. */
public enum MetricScale {
    /** 0 to 1; of {@code mcc} -1 to 1. */
    SHARE(100),
    /** 0 to 100. */
    PERCENT(1),
    /** Brier scores, perplexities, bits per byte and metrics that this release does not know; without upper bound or of another one. */
    OTHER(0);

    private static final int SHARE_DIGITS = 4;
    private static final int PERCENT_DIGITS = 2;
    private static final double HUNDRED = 100;
    private static final double LARGE = 10_000;

    private final int points;

    MetricScale(int points) {
        this.points = points;
    }

    /** Returns the scale of a metric as the results name it, METRIC or METRIC,PIPELINE. */
    public static MetricScale of(String name) {
        return metric(name)
                .map(metric -> switch (metric) {
                    case ACC,
                            ACC_NORM,
                            ACC_BYTES,
                            ACC_MUTUAL_INFO,
                            ACC_TOKENS,
                            MACRO_F1,
                            MCC,
                            ECE,
                            AUC,
                            EXACT_MATCH,
                            ROUGE_L,
                            SQUAD_EM,
                            SQUAD_F1,
                            ENDS_BY_ITSELF,
                            REFUSAL -> SHARE;
                    case BLEU, CHRF -> PERCENT;
                    case BRIER_SCORE, PERPLEXITY, WORD_PERPLEXITY, BYTE_PERPLEXITY, BITS_PER_BYTE -> OTHER;
                })
                .orElse(OTHER);
    }

    private static Optional<Metric> metric(String name) {
        int comma = name.indexOf(',');
        return Metric.of(comma < 0 ? name : name.substring(0, comma));
    }

    /** Whether each row of the metric is correct, wrong, or a tie that counts in part. */
    public static boolean isOfCorrectRows(String name) {
        return metric(name)
                .map(metric -> switch (metric) {
                    case ACC, ACC_NORM, ACC_BYTES, ACC_MUTUAL_INFO, ACC_TOKENS, MACRO_F1, MCC, EXACT_MATCH, SQUAD_EM ->
                        true;
                    case BRIER_SCORE,
                            ECE,
                            AUC,
                            PERPLEXITY,
                            WORD_PERPLEXITY,
                            BYTE_PERPLEXITY,
                            BITS_PER_BYTE,
                            BLEU,
                            CHRF,
                            ROUGE_L,
                            SQUAD_F1,
                            ENDS_BY_ITSELF,
                            REFUSAL -> false;
                })
                .orElse(false);
    }

    /** A value with the digits of its scale; {@code -} for NaN. */
    public String value(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        return switch (this) {
            case SHARE -> Format.fixed(value, SHARE_DIGITS);
            case PERCENT -> Format.fixed(value, PERCENT_DIGITS);
            case OTHER -> {
                double size = Math.abs(value);
                yield size >= LARGE || Double.isInfinite(size)
                        ? Format.count(value)
                        : Format.fixed(value, size >= HUNDRED ? PERCENT_DIGITS : SHARE_DIGITS);
            }
        };
    }

    /** A value with its sign. */
    public String signed(double value) {
        String text = value(value);
        return value > 0 ? "+" + text : text;
    }

    /** The size of a difference: {@code 1.8 points}, or {@code 0.0120 bits_per_byte}. */
    public String size(double difference, String metric) {
        double size = Math.abs(difference);
        return this == OTHER ? value(size) + " " + metric : Format.fixed(points * size, 1) + " points";
    }
}
