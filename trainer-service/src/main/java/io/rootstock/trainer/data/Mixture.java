package io.rootstock.trainer.data;

import java.util.Arrays;
import java.util.List;

/**
 * Decides which source gives the next item. In every prefix each source has its share to within one item; a source that
 * has given all it may is left out and the others' weights are renormalised. The choice is a function of the number of
 * items given so far, reached by counting, which takes nanoseconds an item.
 */
final class Mixture {
    /**
     * A source.
     *
     * @param weight share relative to the others, 0 or more
     * @param items most items it may give; {@link Long#MAX_VALUE} for no end
     */
    record Part(double weight, long items) {}

    /**
     * A choice.
     *
     * @param source index of the source
     * @param item how many items the source had given before
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

    /** Items there are in all; {@link Long#MAX_VALUE} for no end. */
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

    /** Steps of {@code itemsPerStep} that the items suffice for, at least 1; {@link Long#MAX_VALUE} for no end. */
    long steps(int itemsPerStep) {
        long items = items();
        return items == Long.MAX_VALUE ? items : Math.max(1, items / itemsPerStep);
    }

    /** The choice at a position; after the last item comes the first again. */
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
