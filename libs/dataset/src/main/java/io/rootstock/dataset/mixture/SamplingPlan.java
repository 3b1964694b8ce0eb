package io.rootstock.dataset.mixture;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Expected draws of a {@link SourceSampler}, in closed form; the sampler's differ by a few items.
 *
 * @param draws expected items of each phase by source
 * @param missing items of each phase for which no weighted source has items left; 0 where the phase can be drawn
 */
public record SamplingPlan(List<List<Double>> draws, List<Double> missing) {
    public SamplingPlan {
        draws = List.copyOf(draws);
        missing = List.copyOf(missing);
    }

    /**
     * Computes the plan.
     *
     * @param phases phases in order
     * @param length number of items of the training
     * @param most maximum number of items of each source; {@link Long#MAX_VALUE} is unlimited
     */
    public static SamplingPlan of(List<Phase> phases, long length, List<Long> most) {
        long[] ends = ends(phases, length);
        double[] left = most.stream()
                .mapToDouble(items -> items == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : items.doubleValue())
                .toArray();
        List<List<Double>> draws = new ArrayList<>();
        List<Double> missing = new ArrayList<>();
        long from = 0;
        for (int phase = 0; phase < ends.length; phase++) {
            long end = Math.min(length, ends[phase]);
            double[] drawn = new double[left.length];
            missing.add(draw(phases.get(phase).weights(), (double) Math.max(0, end - from), left, drawn));
            draws.add(DoubleStream.of(drawn).boxed().toList());
            from = Math.max(from, end);
        }
        return new SamplingPlan(draws, missing);
    }

    /** Items of a source in all phases. */
    public double drawn(int source) {
        return draws.stream().mapToDouble(phase -> phase.get(source)).sum();
    }

    /** Ends of the phases in items; the last is {@link Long#MAX_VALUE}. */
    static long[] ends(List<Phase> phases, long length) {
        long[] ends = phases.stream()
                .mapToLong(phase -> Math.round(phase.until() * length))
                .toArray();
        ends[ends.length - 1] = Long.MAX_VALUE;
        return ends;
    }

    /**
     * Draws items in proportion to the weights until they are drawn or no source has items left. Between two exhausted
     * sources the shares are constant.
     *
     * @param left items left of each source; reduced by the draws
     * @param drawn receives the draws
     * @return the items that could not be drawn
     */
    private static double draw(List<Double> weights, double items, double[] left, double[] drawn) {
        double open = items;
        while (open > 0.0) {
            double active = 0.0;
            for (int i = 0; i < left.length; i++) {
                active += left[i] > 0.0 ? weights.get(i) : 0.0;
            }
            if (active <= 0.0) {
                return open;
            }
            double stretch = open;
            int exhausted = -1;
            for (int i = 0; i < left.length; i++) {
                double reach = weights.get(i) > 0.0 && left[i] > 0.0 ? left[i] * active / weights.get(i) : stretch;
                if (reach < stretch) {
                    stretch = reach;
                    exhausted = i;
                }
            }
            for (int i = 0; i < left.length; i++) {
                double part = left[i] > 0.0 ? stretch * weights.get(i) / active : 0.0;
                drawn[i] += part;
                left[i] -= part;
            }
            if (exhausted < 0) {
                return 0.0;
            }
            left[exhausted] = 0.0;
            open -= stretch;
        }
        return 0.0;
    }
}
