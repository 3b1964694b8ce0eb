package io.rootstock.dataset.mixture;

import java.util.ArrayList;
import java.util.List;

/** The selection of runs without phases as it was before {@link SourceSampler}: the reference of their data order. */
final class NaiveMixture {
    private NaiveMixture() {}

    /** Returns the source of each of the first {@code count} items. */
    static List<Integer> sources(double[] weights, long[] most, int count) {
        long[] given = new long[weights.length];
        double[] credit = new double[weights.length];
        List<Integer> sources = new ArrayList<>();
        while (sources.size() < count) {
            double active = 0.0;
            for (int i = 0; i < weights.length; i++) {
                active += given[i] < most[i] ? weights[i] : 0.0;
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
            given[best]++;
            sources.add(best);
        }
        return sources;
    }
}
