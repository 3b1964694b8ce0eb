package io.rootstock.evaluation.baseline;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Finds the texts nearest to some queries: the cosine of their hashed words, word pairs and character n-grams. Texts are
 * added one by one and not kept.
 */
public final class NearestText {
    /** Queries that have a feature. */
    private final Map<Integer, int[]> queriesByFeature = new HashMap<>();

    private final double[] norms;
    private final double[] similarities;
    private final int[] nearest;
    private int texts;

    /** Creates a search for the neighbours of these queries. */
    public NearestText(List<String> queries) {
        norms = new double[queries.size()];
        similarities = new double[queries.size()];
        nearest = new int[queries.size()];
        Arrays.fill(similarities, -1);
        Arrays.fill(nearest, -1);
        for (int query = 0; query < norms.length; query++) {
            int[] features = TextFeatures.of(queries.get(query));
            norms[query] = Math.sqrt(features.length);
            int[] own = {query};
            for (int feature : features) {
                queriesByFeature.merge(feature, own, NearestText::joined);
            }
        }
    }

    /** Adds a text; its index is the number of texts added before. */
    public void add(String text) {
        int[] features = TextFeatures.of(text);
        int[] common = new int[norms.length];
        for (int feature : features) {
            for (int query : queriesByFeature.getOrDefault(feature, new int[0])) {
                common[query]++;
            }
        }
        double norm = Math.sqrt(features.length);
        for (int query = 0; query < norms.length; query++) {
            double similarity = common[query] / (norm * norms[query]);
            if (similarity > similarities[query]) {
                similarities[query] = similarity;
                nearest[query] = texts;
            }
        }
        texts++;
    }

    /** Returns the index of the nearest text of each query, the first of equal ones; -1 without texts. */
    public int[] nearest() {
        return nearest.clone();
    }

    private static int[] joined(int[] some, int[] more) {
        return IntStream.concat(IntStream.of(some), IntStream.of(more)).toArray();
    }
}
