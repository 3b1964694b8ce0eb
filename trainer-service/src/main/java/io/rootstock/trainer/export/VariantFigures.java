package io.rootstock.trainer.export;

import io.rootstock.trainer.v1.GgufFile;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Quality of a quantization compared with F32 on the same rows.
 *
 * @param metrics metrics by name
 * @param description the metrics as text, appended to the quantization's name
 */
record VariantFigures(Map<String, Double> metrics, String description) {
    VariantFigures {
        metrics = Map.copyOf(metrics);
    }

    /**
     * Compares a quantization with F32.
     *
     * @param measured measurement of the quantization, or null
     * @param exact measurement of the F32 file, or null
     */
    static VariantFigures of(GgufFile variant, Measurement measured, Measurement exact, Sample sample) {
        if (measured == null) {
            return new VariantFigures(Map.of(), "; not measured: the dataset has no held-out rows");
        }
        return measured.classes().length == 0
                ? perplexity(variant, measured, exact)
                : classes(variant, measured, exact, sample);
    }

    private static VariantFigures perplexity(GgufFile variant, Measurement measured, Measurement exact) {
        double perplexity = measured.perplexity();
        String description = figure(", perplexity %.4f on %d held-out tokens", perplexity, measured.predictions());
        if (variant != GgufFile.F32 && exact != null) {
            description += figure(", %+.3f %% of F32's", 100 * (perplexity / exact.perplexity() - 1));
        }
        return new VariantFigures(finite(Map.of("perplexity" + "_" + variant.label(), perplexity)), description);
    }

    private static VariantFigures classes(GgufFile variant, Measurement measured, Measurement exact, Sample sample) {
        Map<String, Double> metrics = new TreeMap<>();
        double accuracy = measured.accuracy(sample);
        metrics.put("accuracy" + "_" + variant.label(), accuracy);
        String description = figure(", accuracy %.4f on %d held-out rows", accuracy, measured.predictions());
        if (variant != GgufFile.F32 && exact != null) {
            double agreement = measured.agreement(exact);
            metrics.put("agreement" + "_" + variant.label(), agreement);
            description += figure(", %.2f %% of them as F32", 100 * agreement);
        }
        return new VariantFigures(metrics, description);
    }

    private static Map<String, Double> finite(Map<String, Double> metrics) {
        return metrics.values().stream().allMatch(Double::isFinite) ? metrics : Map.of();
    }

    private static String figure(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
