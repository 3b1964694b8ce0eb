package io.rootstock.trainer.data;

import java.util.Arrays;
import java.util.List;

/**
 * Selects the source of each item in proportion to the weights. In every prefix of the sequence, the number of items of
 * each source differs from its share by at most one. When a source reaches its maximum, the weights of the remaining
 * sources are renormalized. The choice depends only on the position; it is computed by iterating from the start, at
 * nanoseconds per item.
 */
final class Mixture {
    /**
     * A source.
     *
     * @param weight relative sampling weight, at least 0
     * @param items maximum number of items; {@link Long#MAX_VALUE} is unlimited
     */
    record Part(double weight, long items) {}

    /**
     * The selected item.
     *
     * @param source index of the source
     * @param item number of items of this source before this one
     */
    record Choice(int source, long item) {}

    private final double[] weights;
    private final long[] most;
    private final long[] given;
    private final double[] credit;
    private long position;

    Mixture(List<Part> parts) {
        int count = parts.size();
        weights = new double[count];
        most = new long[count];
        given = new long[count];
        credit = new double[count];
        for (int i = 0; i < count; i++) {
            weights[i] = parts.get(i).weight();
            most[i] = parts.get(i).items();
        }
    }

    /** Total number of items; {@link Long#MAX_VALUE} if unlimited. */
    long items() {
        long sum = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0.0) {
                if (most[i] == Long.MAX_VALUE) {
                    return Long.MAX_VALUE;
                }
                sum += most[i];
            }
        }
        return sum;
    }

    /** Number of steps of {@code itemsPerStep} items, at least 1; {@link Long#MAX_VALUE} if unlimited. */
    long steps(int itemsPerStep) {
        long items = items();
        return items == Long.MAX_VALUE ? items : Math.max(1, items / itemsPerStep);
    }

    /** Returns the item at a position; positions beyond the last item start again at the first. */
    Choice at(long place) {
        long items = items();
        long wanted = items == Long.MAX_VALUE ? place : place % items;
        if (wanted < position) {
            position = 0;
            Arrays.fill(given, 0);
            Arrays.fill(credit, 0.0);
        }
        while (true) {
            int source = next();
            long item = given[source]++;
            if (position++ == wanted) {
                return new Choice(source, item);
            }
        }
    }

    private int next() {
        double active = 0.0;
        for (int i = 0; i < weights.length; i++) {
            active += given[i] < most[i] ? weights[i] : 0.0;
        }
        if (active <= 0.0) {
            throw new IllegalStateException("no source has a weight above zero");
        }
        int best = -1;
        for (int i = 0; i < weights.length; i++) {
            if (given[i] < most[i] && weights[i] > 0.0) {
                credit[i] += weights[i] / active;
                if (best < 0 || credit[i] > credit[best]) {
                    best = i;
                }
            }
        }
        credit[best] -= 1.0;
        return best;
    }
}
