package io.rootstock.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * chrF++ of a corpus with one reference per text, as sacreBLEU computes it (Popović 2017): character n-grams up to 6
 * without white space, word n-grams up to 2, recall weighted twice as much as precision.
 */
public final class Chrf {
    private static final int LONGEST_CHARACTERS = 6;
    private static final int LONGEST_WORDS = 2;
    private static final double BETA_SQUARED = 4;
    private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    private final List<Ngrams> orders = new ArrayList<>();

    /** Creates the metric of an empty corpus. */
    public Chrf() {
        for (int order = 0; order < LONGEST_CHARACTERS + LONGEST_WORDS; order++) {
            orders.add(new Ngrams());
        }
    }

    /** Returns chrF++ of the corpus, 0 to 100. */
    public double score() {
        double precision = 0;
        double recall = 0;
        int effective = 0;
        for (Ngrams order : orders) {
            if (order.hypothesis() > 0 && order.reference() > 0) {
                precision += (double) order.matches() / order.hypothesis();
                recall += (double) order.matches() / order.reference();
                effective++;
            }
        }
        if (precision + recall == 0) {
            return 0;
        }
        precision /= effective;
        recall /= effective;
        return 100 * (1 + BETA_SQUARED) * precision * recall / (BETA_SQUARED * precision + recall);
    }

    /** Adds a text and its reference. */
    public void add(String text, String reference) {
        List<String> characters = characters(text);
        List<String> expectedCharacters = characters(reference);
        for (int length = 1; length <= LONGEST_CHARACTERS; length++) {
            add(orders.get(length - 1), characters, expectedCharacters, length);
        }
        List<String> words = words(text);
        List<String> expectedWords = words(reference);
        for (int length = 1; length <= LONGEST_WORDS; length++) {
            add(orders.get(LONGEST_CHARACTERS + length - 1), words, expectedWords, length);
        }
    }

    /** The n-grams of a text whose reference is shorter than n do not count. */
    private static void add(Ngrams order, List<String> text, List<String> reference, int length) {
        order.add(reference.size() < length ? List.of() : text, reference, length);
    }

    private static List<String> characters(String text) {
        return String.join("", Bleu.words(text))
                .codePoints()
                .mapToObj(Character::toString)
                .toList();
    }

    /** Separates one punctuation character at the end of a word, or else at its beginning. */
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (String word : Bleu.words(text)) {
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
}
