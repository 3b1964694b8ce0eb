package io.rootstock.dataset.mixture;

import java.util.List;
import java.util.stream.DoubleStream;

/** Computes weights of sources. */
public final class Weighting {
    private Weighting() {}

    /**
     * Returns weights in proportion to the tokens.
     *
     * @param tokens tokens of each source, above 0
     */
    public static List<Double> byTokens(List<Long> tokens) {
        return normalized(tokens.stream().map(Long::doubleValue).toList());
    }

    /**
     * Returns weights in proportion to {@code tokens^(1 / temperature)}: temperature-scaled mixing of T5 (Raffel et al. 2020,
     * section 3.5.2, https://arxiv.org/abs/1910.10683).
     *
     * @param tokens tokens of each source, above 0
     * @param temperature above 0; 1 is {@link #byTokens}, larger values make the weights more equal
     */
    public static List<Double> byTemperature(List<Long> tokens, double temperature) {
        double most = tokens.stream().mapToLong(Long::longValue).max().orElseThrow();
        return normalized(tokens.stream()
                .map(each -> Math.exp(Math.log(each / most) / temperature))
                .toList());
    }

    /**
     * Returns the weights divided by their sum.
     *
     * @param weights finite, at least 0, one above 0
     */
    public static List<Double> normalized(List<Double> weights) {
        double sum = weights.stream().mapToDouble(Double::doubleValue).sum();
        return weights.stream().map(weight -> weight / sum).toList();
    }

    /** Returns the weights averaged over the length of the phases, which is the share of each source in the training. */
    public static List<Double> mean(List<Phase> phases) {
        double[] mean = new double[phases.getFirst().weights().size()];
        double from = 0.0;
        for (Phase phase : phases) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += (phase.until() - from) * phase.weights().get(i);
            }
            from = phase.until();
        }
        return DoubleStream.of(mean).boxed().toList();
    }
}
