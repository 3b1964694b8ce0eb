package io.rootstock.evaluation.metric.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * BLEU as sacreBLEU 2 computes it (Papineni et al. 2002, Post 2018), 0 to 100. With several references, an n-gram
 * matches as often as in the reference that has most of it, and the reference length is the nearest one, the shorter of
 * two equally near.
 *
 * <p>Statistics of a row: length of the text, length of the reference, matches of each order, n-grams of each order.
 *
 * @param maxOrder longest n-gram, 1 to 16; 4 is usual
 * @param effectiveOrder whether orders without n-grams do not count; for single texts
 */
public record Bleu(
        BleuTokenizer tokenizer, BleuSmoothing smoothing, int maxOrder, boolean effectiveOrder, boolean lowercase)
        implements TextMetric {
    /** sacreBLEU's defaults: tokenizer 13a, exponential smoothing, n-grams up to 4, case-sensitive. */
    public static final Bleu DEFAULT =
            new Bleu(BleuTokenizer.MTEVAL_13A, new BleuSmoothing.Exponential(), 4, false, false);

    private static final int USUAL_ORDER = 4;
    private static final int MAX_ORDER_LENGTH = 16;
    /** sacreBLEU's logarithm of 0. */
    private static final double LOG_0 = -9999999999.0;

    public Bleu {
        if (maxOrder < 1 || maxOrder > MAX_ORDER_LENGTH) {
            throw new IllegalArgumentException("BLEU order " + maxOrder + " is not between 1 and " + MAX_ORDER_LENGTH);
        }
    }

    public Bleu withTokenizer(BleuTokenizer other) {
        return new Bleu(other, smoothing, maxOrder, effectiveOrder, lowercase);
    }

    public Bleu withSmoothing(BleuSmoothing other) {
        return new Bleu(tokenizer, other, maxOrder, effectiveOrder, lowercase);
    }

    public Bleu withMaxOrder(int order) {
        return new Bleu(tokenizer, smoothing, order, effectiveOrder, lowercase);
    }

    public Bleu withEffectiveOrder(boolean effective) {
        return new Bleu(tokenizer, smoothing, maxOrder, effective, lowercase);
    }

    public Bleu withLowercase(boolean lower) {
        return new Bleu(tokenizer, smoothing, maxOrder, effectiveOrder, lower);
    }

    @Override
    public String name() {
        return "BLEU";
    }

    @Override
    public int size() {
        return 2 + 2 * maxOrder;
    }

    @Override
    public double[] statistics(String text, List<String> references) {
        if (references.isEmpty()) {
            throw new IllegalArgumentException("BLEU needs at least one reference");
        }
        List<String> tokens = tokens(text);
        List<List<String>> expected = new ArrayList<>();
        for (String reference : references) {
            expected.add(tokens(reference));
        }
        double[] statistics = new double[size()];
        statistics[0] = tokens.size();
        statistics[1] = nearestLength(tokens.size(), expected);
        for (int order = 1; order <= maxOrder; order++) {
            Map<List<String>, Integer> most = new HashMap<>();
            for (List<String> reference : expected) {
                Ngrams.of(reference, order).addMaximum(most);
            }
            Ngrams ngrams = Ngrams.of(tokens, order);
            statistics[1 + order] = ngrams.matches(most);
            statistics[1 + maxOrder + order] = ngrams.total();
        }
        return statistics;
    }

    private List<String> tokens(String text) {
        return tokenizer.tokens(lowercase ? PythonStrings.lower(text) : text);
    }

    private static int nearestLength(int length, List<List<String>> references) {
        int nearest = references.getFirst().size();
        for (List<String> reference : references) {
            int distance = Math.abs(reference.size() - length) - Math.abs(nearest - length);
            if (distance < 0 || (distance == 0 && reference.size() < nearest)) {
                nearest = reference.size();
            }
        }
        return nearest;
    }

    @Override
    public double score(double[] sums) {
        if (!anyMatch(sums)) {
            return 0;
        }
        double logs = 0;
        int counted = maxOrder;
        double factor = 1;
        for (int order = 1; order <= maxOrder; order++) {
            double added = smoothing instanceof BleuSmoothing.AddK addK && order > 1 ? addK.value() : 0;
            double matches = sums[1 + order] + added;
            double total = sums[1 + maxOrder + order] + added;
            if (total == 0) {
                // Without the effective order, the remaining orders have precision 0.
                logs += effectiveOrder ? 0 : LOG_0 * (maxOrder - order + 1);
                break;
            }
            if (effectiveOrder) {
                counted = order;
            }
            if (matches == 0) {
                factor *= 2;
            }
            logs += matches > 0 ? Math.log(100 * matches / total) : logOfNoMatch(total, factor);
        }
        return brevityPenalty(sums[0], sums[1]) * Math.exp(logs / counted);
    }

    private boolean anyMatch(double[] sums) {
        for (int order = 1; order <= maxOrder; order++) {
            if (sums[1 + order] > 0) {
                return true;
            }
        }
        return false;
    }

    private double logOfNoMatch(double total, double factor) {
        return switch (smoothing) {
            case BleuSmoothing.Exponential _ -> Math.log(100 / (factor * total));
            case BleuSmoothing.Floor floor -> Math.log(100 * floor.value() / total);
            case BleuSmoothing.AddK _, BleuSmoothing.None _ -> LOG_0;
        };
    }

    private static double brevityPenalty(double length, double referenceLength) {
        return length < referenceLength ? Math.exp(1 - referenceLength / length) : 1;
    }

    /**
     * {@inheritDoc} sacreBLEU's signature leaves the maximum order out; here it follows at the end if it is not 4.
     */
    @Override
    public String signature(String references) {
        return "nrefs:%s|case:%s|eff:%s|tok:%s|smooth:%s%s"
                .formatted(
                        references,
                        lowercase ? "lc" : "mixed",
                        effectiveOrder ? "yes" : "no",
                        tokenizer.label(),
                        smoothing.label(),
                        maxOrder == USUAL_ORDER ? "" : "|order:" + maxOrder);
    }
}
