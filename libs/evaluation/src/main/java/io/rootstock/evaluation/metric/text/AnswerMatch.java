package io.rootstock.evaluation.metric.text;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Exact match and F1 of a short answer as the SQuAD 2.0 script computes them (Rajpurkar et al. 2018), 0 to 1. Both
 * compare normalized texts: lower case, without ASCII punctuation, without the words a, an and the.
 *
 * <p>The SQuAD 1.1 script gives an F1 of 0 to an answer that equals its reference if both are empty after
 * normalization, such as "the"; here, as in 2.0, F1 is never below the exact match. lm-evaluation-harness reduces
 * several references to whether any score exceeds 0; here the largest score counts.
 *
 * @param exact 1 if the answer equals a reference, else 0
 * @param f1 largest F1 of words of any reference, repeated words counted
 */
public record AnswerMatch(double exact, double f1) {
    private static final Pattern PUNCTUATION = Pattern.compile("[!-/:-@\\[-`{-~]");
    /** Word characters are those of Python's {@code re}: letters, numbers and the underscore, but no marks. */
    private static final Pattern ARTICLE = Pattern.compile("(?<![\\p{L}\\p{N}_])(?:a|an|the)(?![\\p{L}\\p{N}_])");

    /**
     * Compares an answer with its references.
     *
     * @throws IllegalArgumentException if the references are empty
     */
    public static AnswerMatch of(String answer, List<String> references) {
        if (references.isEmpty()) {
            throw new IllegalArgumentException("exact match needs at least one reference");
        }
        List<String> words = words(answer);
        double exact = 0;
        double f1 = 0;
        for (String reference : references) {
            List<String> expected = words(reference);
            exact = Math.max(exact, words.equals(expected) ? 1 : 0);
            f1 = Math.max(f1, f1(words, expected));
        }
        return new AnswerMatch(exact, f1);
    }

    private static double f1(List<String> answer, List<String> reference) {
        if (answer.isEmpty() || reference.isEmpty()) {
            return answer.equals(reference) ? 1 : 0;
        }
        long common = Ngrams.of(answer, 1).matches(Ngrams.of(reference, 1).counts());
        return 2.0 * common / (answer.size() + reference.size());
    }

    /** Returns the normalized text. */
    static String normalize(String text) {
        return String.join(" ", words(text));
    }

    private static List<String> words(String text) {
        String plain = PUNCTUATION.matcher(PythonStrings.lower(text)).replaceAll("");
        return PythonStrings.split(ARTICLE.matcher(plain).replaceAll(" "));
    }
}
