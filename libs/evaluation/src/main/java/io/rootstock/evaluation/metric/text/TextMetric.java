package io.rootstock.evaluation.metric.text;

import io.rootstock.evaluation.metric.CorpusMetric;
import java.util.List;

/** A corpus metric of texts that are compared with one or more references each. */
public sealed interface TextMetric extends CorpusMetric permits Bleu, Chrf {
    /**
     * Computes the statistics of a row, [{@link #size()}].
     *
     * @param references at least one
     * @throws IllegalArgumentException if the references are empty
     */
    double[] statistics(String text, List<String> references);

    /** Name with the variant, such as {@code BLEU} or {@code chrF2++}. */
    String name();

    /**
     * Returns the settings in sacreBLEU's format, without its version.
     *
     * @param references number of references of each row, or {@code var} if it differs
     */
    String signature(String references);

    /** Computes the score of a single text, 0 to 100. */
    default double score(String text, List<String> references) {
        return score(statistics(text, references));
    }
}
