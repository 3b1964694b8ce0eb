package io.rootstock.bench.data;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;

/** Copies of texts with a stated similarity, and the similarity of two texts: Jaccard of their sets of five words. */
final class Similarity {
    private static final int NGRAM = 5;

    private Similarity() {}

    /** Returns the Jaccard similarity of two texts' 5-grams of lower-case words, without any hashing. */
    static double jaccard(String first, String second) {
        Set<List<String>> ngrams = ngrams(first);
        Set<List<String>> others = ngrams(second);
        Set<List<String>> common = new HashSet<>(ngrams);
        common.retainAll(others);
        return (double) common.size() / (ngrams.size() + others.size() - common.size());
    }

    private static Set<List<String>> ngrams(String text) {
        List<String> words = Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+"))
                .filter(word -> !word.isEmpty())
                .toList();
        Set<List<String>> ngrams = new HashSet<>();
        for (int i = 0; i + NGRAM <= words.size(); i++) {
            ngrams.add(words.subList(i, i + NGRAM));
        }
        return ngrams;
    }

    /** Returns a copy in which one range of words is replaced, so that about this similarity is left. */
    static String copy(String text, double similarity, SplittableRandom random) {
        String[] words = text.split("(?<=\\s)");
        double changed = (words.length - NGRAM + 1) * (1 - similarity) / (1 + similarity);
        int range = Math.clamp(Math.round(changed) - NGRAM + 1, 1, words.length - 1);
        int from = random.nextInt(words.length - range);
        for (int i = from; i < from + range; i++) {
            char end = words[i].charAt(words[i].length() - 1);
            words[i] = "q" + Integer.toString(random.nextInt(1 << 20), 26) + (Character.isWhitespace(end) ? end : "");
        }
        return String.join("", words);
    }
}
