package io.rootstock.evaluation.metric.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * ROUGE as google-research's rouge-score 0.1.2 computes it (Lin 2004). The score of a corpus is the mean of its texts;
 * rouge-score's own aggregate is the median of bootstrap means, which depends on a random seed.
 *
 * <p>Tokens are runs of ASCII letters and digits after lower-casing: text in other scripts, such as Korean, has no
 * tokens and scores 0. Use {@link Chrf} there.
 *
 * @param stemming whether tokens of more than three characters are stemmed
 */
public record Rouge(RougeVariant variant, boolean stemming) {
    /** Most tokens of a text for the variants with subsequences, whose time grows with the square of it. */
    public static final int MAX_TOKENS = 20_000;

    private static final int MAX_UNSTEMMED_LENGTH = 3;
    private static final Pattern TOKEN = Pattern.compile("[a-z0-9]+");

    /**
     * Scores a text; of several references the one with the highest F1 counts, the first of equal ones.
     *
     * @throws IllegalArgumentException if the references are empty, or a text has too many tokens
     */
    public RougeScore score(String text, List<String> references) {
        if (references.isEmpty()) {
            throw new IllegalArgumentException(variant.label() + " needs at least one reference");
        }
        RougeScore best = null;
        for (String reference : references) {
            RougeScore score = score(text, reference);
            if (best == null || score.f1() > best.f1()) {
                best = score;
            }
        }
        return best;
    }

    /** Scores a text with one reference. */
    public RougeScore score(String text, String reference) {
        return switch (variant) {
            case RougeVariant.Ngram ngram -> ngrams(tokens(text), tokens(reference), ngram.length());
            case RougeVariant.LongestSubsequence _ -> longestSubsequence(tokens(text), tokens(reference));
            case RougeVariant.SummarySubsequence _ -> summary(sentences(text), sentences(reference));
        };
    }

    /** Returns the tokens of a text. */
    List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(PythonStrings.lower(text));
        while (matcher.find()) {
            String token = matcher.group();
            tokens.add(stemming && token.length() > MAX_UNSTEMMED_LENGTH ? PorterStemmer.stem(token) : token);
        }
        return tokens;
    }

    private List<List<String>> sentences(String text) {
        List<List<String>> sentences = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            sentences.add(tokens(line));
        }
        return sentences;
    }

    private static RougeScore ngrams(List<String> text, List<String> reference, int length) {
        Ngrams ours = Ngrams.of(text, length);
        Ngrams theirs = Ngrams.of(reference, length);
        return score(ours.matches(theirs.counts()), ours.total(), theirs.total());
    }

    private RougeScore longestSubsequence(List<String> text, List<String> reference) {
        checkTokens(text.size());
        checkTokens(reference.size());
        return score(CommonSubsequence.length(reference, text), text.size(), reference.size());
    }

    /** Each token counts at most as often as it occurs in the text and in the reference, as in ROUGE-1.5.5. */
    private RougeScore summary(List<List<String>> text, List<List<String>> reference) {
        Map<String, Integer> ours = counts(text);
        Map<String, Integer> theirs = counts(reference);
        long hits = 0;
        for (List<String> sentence : reference) {
            TreeSet<Integer> union = new TreeSet<>();
            for (List<String> other : text) {
                union.addAll(CommonSubsequence.positions(sentence, other));
            }
            for (int position : union) {
                String token = sentence.get(position);
                int left = ours.getOrDefault(token, 0);
                int expected = theirs.getOrDefault(token, 0);
                if (left > 0 && expected > 0) {
                    hits++;
                    ours.put(token, left - 1);
                    theirs.put(token, expected - 1);
                }
            }
        }
        return score(hits, total(text), total(reference));
    }

    private Map<String, Integer> counts(List<List<String>> sentences) {
        checkTokens(total(sentences));
        Map<String, Integer> counts = new HashMap<>();
        for (List<String> sentence : sentences) {
            for (String token : sentence) {
                counts.merge(token, 1, Integer::sum);
            }
        }
        return counts;
    }

    private static long total(List<List<String>> sentences) {
        return sentences.stream().mapToLong(List::size).sum();
    }

    private void checkTokens(long tokens) {
        if (tokens > MAX_TOKENS) {
            throw new IllegalArgumentException(
                    "%s of a text of %d tokens: at most %d are allowed".formatted(variant.label(), tokens, MAX_TOKENS));
        }
    }

    private static RougeScore score(long matches, long text, long reference) {
        return matches == 0 ? RougeScore.ZERO : new RougeScore((double) matches / text, (double) matches / reference);
    }
}
