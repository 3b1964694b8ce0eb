package io.rootstock.dataset.mixture;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * Selects the source of each item: of the sources with items left, the one that is furthest behind its share. Each item adds
 * its weight to the credit of every source and takes 1 from the selected one, so that the items of a source in any window
 * differ from its share by a few items at most. When a source reaches its maximum, the weights of the remaining sources are
 * renormalized. A phase in which no weighted source has items left draws from the other source with the
 * fewest items.
 *
 * <p>The choice depends only on the position. {@link #at} computes the next position from the one before it, and an earlier
 * one by iterating from the start, at nanoseconds per item; {@link #restore} continues from a stored one.
 */
public final class SourceSampler {
    private final double[][] weights;
    private final long[] ends;
    private final long[] most;
    private final long items;
    private final long[] drawn;
    private final double[] credit;
    private long position;
    private int phase;

    /**
     * The selected item.
     *
     * @param source index of the source
     * @param item number of items of this source before this one
     */
    public record Choice(int source, long item) {}

    /**
     * Creates a sampler at its first item.
     *
     * @param phases phases in order
     * @param length number of items of the training, which determines the ends of the phases; any number with one phase
     * @param most maximum number of items of each source; {@link Long#MAX_VALUE} is unlimited
     */
    public SourceSampler(List<Phase> phases, long length, List<Long> most) {
        this.weights = phases.stream()
                .map(each ->
                        each.weights().stream().mapToDouble(Double::doubleValue).toArray())
                .toArray(double[][]::new);
        this.ends = SamplingPlan.ends(phases, length);
        this.most = most.stream().mapToLong(Long::longValue).toArray();
        this.drawn = new long[this.most.length];
        this.credit = new double[this.most.length];
        for (double[] each : weights) {
            if (each.length != this.most.length) {
                throw new IllegalArgumentException(
                        "a phase has " + each.length + " weights for " + this.most.length + " sources");
            }
        }
        this.items = count();
    }

    /** Total number of items; {@link Long#MAX_VALUE} if unlimited. */
    public long items() {
        return items;
    }

    private long count() {
        long sum = 0;
        for (int i = 0; i < most.length; i++) {
            if (isWeighted(i)) {
                if (most[i] == Long.MAX_VALUE) {
                    return Long.MAX_VALUE;
                }
                sum += most[i];
            }
        }
        return sum;
    }

    private boolean isWeighted(int source) {
        return Arrays.stream(weights).anyMatch(each -> each[source] > 0.0);
    }

    /** Number of steps of {@code itemsPerStep} items, at least 1; {@link Long#MAX_VALUE} if unlimited. */
    public long steps(int itemsPerStep) {
        return items == Long.MAX_VALUE ? items : Math.max(1, items / itemsPerStep);
    }

    /** Returns the item at a position; positions beyond the last item start again at the first. */
    public Choice at(long place) {
        long wanted = items == Long.MAX_VALUE ? place : place % items;
        if (wanted < position) {
            position = 0;
            phase = 0;
            Arrays.fill(drawn, 0);
            Arrays.fill(credit, 0.0);
        }
        while (true) {
            int source = next();
            long item = drawn[source]++;
            if (position++ == wanted) {
                return new Choice(source, item);
            }
        }
    }

    /** The position after the last item that was returned. */
    public SamplerPosition position() {
        return new SamplerPosition(
                position,
                LongStream.of(drawn).boxed().toList(),
                DoubleStream.of(credit).boxed().toList());
    }

    /**
     * Continues after a number of items.
     *
     * @param past items of the training so far
     * @param stored position after them of a sampler of the same sources and weights; empty: computed by iterating from the
     *     start
     */
    public void restore(long past, Optional<SamplerPosition> stored) {
        if (stored.isPresent()) {
            restore(stored.get());
            requireItems(past);
        } else if (past > 0) {
            Choice _ = at(past - 1);
        }
    }

    private void restore(SamplerPosition stored) {
        long sum = stored.drawn().stream().mapToLong(Long::longValue).sum();
        if (stored.drawn().size() != drawn.length || stored.credits().size() != drawn.length || sum != stored.items()) {
            throw new IllegalArgumentException(
                    "the position " + stored + " is not of a sampler with " + drawn.length + " sources");
        }
        position = stored.items();
        phase = 0;
        Arrays.setAll(drawn, i -> stored.drawn().get(i));
        Arrays.setAll(credit, i -> stored.credits().get(i));
    }

    private void requireItems(long past) {
        long expected = items == Long.MAX_VALUE || past == 0 ? past : (past - 1) % items + 1;
        if (position != expected) {
            throw new IllegalArgumentException(
                    "the position has " + position + " items, expected " + expected + " of a training of " + past);
        }
    }

    private int next() {
        while (position >= ends[phase]) {
            phase++;
        }
        double[] current = weights[phase];
        double active = 0.0;
        for (int i = 0; i < current.length; i++) {
            active += drawn[i] < most[i] ? current[i] : 0.0;
        }
        if (active <= 0.0) {
            return nextOfOthers();
        }
        int best = -1;
        for (int i = 0; i < current.length; i++) {
            if (drawn[i] < most[i] && current[i] > 0.0) {
                credit[i] += current[i] / active;
                if (best < 0 || credit[i] > credit[best]) {
                    best = i;
                }
            }
        }
        credit[best] -= 1.0;
        return best;
    }

    /** Selects the source with the fewest items of those that have items left and a weight in another phase. */
    private int nextOfOthers() {
        int best = -1;
        for (int i = 0; i < most.length; i++) {
            if (drawn[i] < most[i] && isWeighted(i) && (best < 0 || drawn[i] < drawn[best])) {
                best = i;
            }
        }
        if (best < 0) {
            throw new IllegalStateException("no source has a weight above zero");
        }
        return best;
    }
}
