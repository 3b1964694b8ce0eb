package io.rootstock.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * BLEU of a corpus with one reference per text, as sacreBLEU computes it by default (Post 2018): n-grams up to 4,
 * tokenizer 13a, case-sensitive, exponential smoothing.
 */
public final class Bleu {
    private static final int LONGEST = 4;
    private static final Pattern SYMBOLS = Pattern.compile("([{-~\\[-` -&(-+:-@/])");
    private static final Pattern POINT_AFTER_OTHER = Pattern.compile("([^0-9])([.,])");
    private static final Pattern POINT_BEFORE_OTHER = Pattern.compile("([.,])([^0-9])");
    private static final Pattern DASH_AFTER_DIGIT = Pattern.compile("([0-9])(-)");
    private static final Pattern WHITESPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

    private final Ngrams[] ngrams = new Ngrams[LONGEST];

    /** Creates the metric of an empty corpus. */
    public Bleu() {
        Arrays.setAll(ngrams, length -> new Ngrams());
    }

    /** Adds a text and its reference. */
    public void add(String text, String reference) {
        List<String> tokens = tokens(text);
        List<String> expected = tokens(reference);
        for (int length = 1; length <= LONGEST; length++) {
            ngrams[length - 1].add(tokens, expected, length);
        }
    }

    /** Returns BLEU of the corpus, 0 to 100. */
    public double score() {
        if (Arrays.stream(ngrams).allMatch(one -> one.matches() == 0)) {
            return 0;
        }
        double logs = 0;
        double smoothing = 1;
        for (Ngrams one : ngrams) {
            if (one.hypothesis() == 0) {
                return 0;
            }
            if (one.matches() == 0) {
                smoothing *= 2;
                logs += Math.log(100 / (smoothing * one.hypothesis()));
            } else {
                logs += Math.log(100.0 * one.matches() / one.hypothesis());
            }
        }
        double length = ngrams[0].hypothesis();
        double referenceLength = ngrams[0].reference();
        double brevity = length < referenceLength ? Math.exp(1 - referenceLength / length) : 1;
        return brevity * Math.exp(logs / ngrams.length);
    }

    /** Tokenizes as mteval-v13a does. */
    static List<String> tokens(String text) {
        String line = text.stripTrailing()
                .replace("<skipped>", "")
                .replace("-\n", "")
                .replace("\n", " ")
                .replace("&quot;", "\"")
                .replace("&amp;", "&")
                .replace("&lt;", "<")
                .replace("&gt;", ">");
        line = SYMBOLS.matcher(" " + line + " ").replaceAll(" $1 ");
        line = POINT_AFTER_OTHER.matcher(line).replaceAll("$1 $2 ");
        line = POINT_BEFORE_OTHER.matcher(line).replaceAll(" $1 $2");
        line = DASH_AFTER_DIGIT.matcher(line).replaceAll("$1 $2 ");
        return words(line);
    }

    /** Returns the words between white space. */
    static List<String> words(String text) {
        return Stream.of(WHITESPACE.split(text, -1))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
