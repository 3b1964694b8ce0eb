package io.rootstock.trainer.export;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a variant loses against the exact one, on the same rows.
 *
 * @param metrics by name
 * @param words the same for people, after the variant's name
 */
record VariantFigures(Map<String, Double> metrics, String words) {
    VariantFigures {
        metrics = Map.copyOf(metrics);
    }

    /**
     * Compares.
     *
     * @param measured of the variant; null: it was not measured
     * @param exact of the F32 file; null: it was not measured
     */
    static VariantFigures of(Variant variant, Measurement measured, Measurement exact, Sample sample) {
        if (measured == null) {
            return new VariantFigures(Map.of(), "; there are no held-out rows to measure it on");
        }
        return measured.classes().length == 0
                ? perplexity(variant, measured, exact)
                : classes(variant, measured, exact, sample);
    }

    private static VariantFigures perplexity(Variant variant, Measurement measured, Measurement exact) {
        double perplexity = measured.perplexity();
        String words = figure(", perplexity %.4f on %d held-out tokens", perplexity, measured.predictions());
        if (variant != Variant.F32 && exact != null) {
            words += figure(", %+.3f %% of F32's", 100 * (perplexity / exact.perplexity() - 1));
        }
        return new VariantFigures(finite(Map.of("perplexity" + variant.suffix(), perplexity)), words);
    }

    private static VariantFigures classes(Variant variant, Measurement measured, Measurement exact, Sample sample) {
        Map<String, Double> metrics = new TreeMap<>();
        double accuracy = measured.accuracy(sample);
        metrics.put("accuracy" + variant.suffix(), accuracy);
        String words = figure(", accuracy %.4f on %d held-out rows", accuracy, measured.predictions());
        if (variant != Variant.F32 && exact != null) {
            double agreement = measured.agreement(exact);
            metrics.put("agreement" + variant.suffix(), agreement);
            words += figure(", %.2f %% of them as F32", 100 * agreement);
        }
        return new VariantFigures(metrics, words);
    }

    private static Map<String, Double> finite(Map<String, Double> metrics) {
        return metrics.values().stream().allMatch(Double::isFinite) ? metrics : Map.of();
    }

    private static String figure(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
