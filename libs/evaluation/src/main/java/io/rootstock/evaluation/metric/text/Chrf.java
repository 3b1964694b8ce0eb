package io.rootstock.evaluation.metric.text;

import java.util.ArrayList;
import java.util.List;

/**
 * chrF and chrF++ as sacreBLEU 2 computes them (Popović 2015, 2017), 0 to 100: F-score of character n-grams and, for
 * chrF++, of words and pairs of words. With several references, a row counts the one with which the text alone scores
 * highest, the first of equal ones.
 *
 * <p>lm-evaluation-harness names chrF2 "chrF++"; {@link #name()} states the word order as sacreBLEU does.
 *
 * <p>Statistics of a row: n-grams of the text, of the reference, and matches, for each character order, then for each
 * word order.
 *
 * @param characterOrder longest character n-gram, 0 to 16; 6 is usual
 * @param wordOrder longest word n-gram, 0 to 16; 0 is chrF, 2 is chrF++
 * @param beta weight of recall relative to precision, 1 to 16; 2 is usual
 * @param whitespace whether character n-grams contain white space
 * @param epsilonSmoothing false: precision and recall are averaged over the orders that both sides have (effective
 *     order). true: F-scores are averaged over all orders, as chrF++.py, NLTK and Moses do; texts shorter than the
 *     longest order then score below 100 when equal
 */
public record Chrf(
        int characterOrder, int wordOrder, int beta, boolean lowercase, boolean whitespace, boolean epsilonSmoothing)
        implements TextMetric {
    /** chrF2: sacreBLEU's defaults. */
    public static final Chrf DEFAULT = new Chrf(6, 0, 2, false, false, false);
    /** chrF2++: with words and pairs of words. */
    public static final Chrf PLUS_PLUS = DEFAULT.withWordOrder(2);

    private static final int USUAL_BETA = 2;
    private static final int MAX = 16;
    private static final double EPSILON = 1e-16;
    private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    public Chrf {
        if (characterOrder < 0 || characterOrder > MAX || wordOrder < 0 || wordOrder > MAX) {
            throw new IllegalArgumentException(
                    "chrF orders %d and %d are not between 0 and %d".formatted(characterOrder, wordOrder, MAX));
        }
        if (characterOrder + wordOrder == 0) {
            throw new IllegalArgumentException("chrF needs a character or word order above 0");
        }
        if (beta < 1 || beta > MAX) {
            throw new IllegalArgumentException("chrF beta " + beta + " is not between 1 and " + MAX);
        }
    }

    public Chrf withWordOrder(int order) {
        return new Chrf(characterOrder, order, beta, lowercase, whitespace, epsilonSmoothing);
    }

    public Chrf withLowercase(boolean lower) {
        return new Chrf(characterOrder, wordOrder, beta, lower, whitespace, epsilonSmoothing);
    }

    @Override
    public String name() {
        return "chrF" + beta + "+".repeat(wordOrder);
    }

    @Override
    public int size() {
        return 3 * (characterOrder + wordOrder);
    }

    @Override
    public double[] statistics(String text, List<String> references) {
        if (references.isEmpty()) {
            throw new IllegalArgumentException("chrF needs at least one reference");
        }
        List<Ngrams> ngrams = ngrams(text);
        double[] best = null;
        double bestScore = -1;
        for (String reference : references) {
            double[] statistics = statistics(ngrams, ngrams(reference));
            double score = score(statistics);
            if (score > bestScore) {
                best = statistics;
                bestScore = score;
            }
        }
        return best;
    }

    private double[] statistics(List<Ngrams> text, List<Ngrams> reference) {
        double[] statistics = new double[size()];
        for (int order = 0; order < text.size(); order++) {
            Ngrams ours = text.get(order);
            Ngrams theirs = reference.get(order);
            // The n-grams of a text whose reference has none of the order do not count.
            statistics[3 * order] = theirs.total() == 0 ? 0 : ours.total();
            statistics[3 * order + 1] = theirs.total();
            statistics[3 * order + 2] = ours.matches(theirs.counts());
        }
        return statistics;
    }

    private List<Ngrams> ngrams(String text) {
        String line = lowercase ? PythonStrings.lower(text) : text;
        List<Ngrams> ngrams = new ArrayList<>();
        List<String> characters =
                PythonStrings.characters(whitespace ? line : String.join("", PythonStrings.split(line)));
        for (int order = 1; order <= characterOrder; order++) {
            ngrams.add(Ngrams.of(characters, order));
        }
        if (wordOrder > 0) {
            List<String> words = words(line);
            for (int order = 1; order <= wordOrder; order++) {
                ngrams.add(Ngrams.of(words, order));
            }
        }
        return ngrams;
    }

    /** Separates one punctuation character at the end of a word, or else at its beginning: "(hi)" is "(hi" and ")". */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        for (String word : PythonStrings.split(line)) {
            int last = word.length() - 1;
            if (last > 0 && PUNCTUATION.indexOf(word.charAt(last)) >= 0) {
                words.add(word.substring(0, last));
                words.add(word.substring(last));
            } else if (last > 0 && PUNCTUATION.indexOf(word.charAt(0)) >= 0) {
                words.add(word.substring(0, 1));
                words.add(word.substring(1));
            } else {
                words.add(word);
            }
        }
        return words;
    }

    @Override
    public double score(double[] sums) {
        return 100 * (epsilonSmoothing ? meanOfScores(sums) : scoreOfMeans(sums));
    }

    private double scoreOfMeans(double[] sums) {
        double precision = 0;
        double recall = 0;
        int effective = 0;
        for (int i = 0; i < sums.length; i += 3) {
            if (sums[i] > 0 && sums[i + 1] > 0) {
                precision += sums[i + 2] / sums[i];
                recall += sums[i + 2] / sums[i + 1];
                effective++;
            }
        }
        return precision + recall == 0 ? 0 : fScore(precision / effective, recall / effective);
    }

    private double meanOfScores(double[] sums) {
        double sum = 0;
        for (int i = 0; i < sums.length; i += 3) {
            double precision = sums[i] > 0 ? sums[i + 2] / sums[i] : EPSILON;
            double recall = sums[i + 1] > 0 ? sums[i + 2] / sums[i + 1] : EPSILON;
            sum += precision + recall == 0 ? EPSILON : fScore(precision, recall);
        }
        return sum / (characterOrder + wordOrder);
    }

    private double fScore(double precision, double recall) {
        double factor = (double) beta * beta;
        return (1 + factor) * precision * recall / (factor * precision + recall);
    }

    /** {@inheritDoc} sacreBLEU's signature leaves beta out; here it follows at the end if it is not 2. */
    @Override
    public String signature(String references) {
        return "nrefs:%s|case:%s|eff:%s|nc:%d|nw:%d|space:%s%s"
                .formatted(
                        references,
                        lowercase ? "lc" : "mixed",
                        epsilonSmoothing ? "no" : "yes",
                        characterOrder,
                        wordOrder,
                        whitespace ? "yes" : "no",
                        beta == USUAL_BETA ? "" : "|beta:" + beta);
    }
}
