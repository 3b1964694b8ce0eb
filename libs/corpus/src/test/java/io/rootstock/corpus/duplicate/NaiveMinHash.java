package io.rootstock.corpus.duplicate;

import io.rootstock.corpus.duplicate.MinHash.Mix64;
import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Signatures by the definition: words from code points, a set of n-grams, one lane after the other. */
final class NaiveMinHash {
    private static final long POLYNOMIAL = 0x9FB21C651E98DF25L;
    private static final Set<UnicodeScript> ALONE = EnumSet.of(
            UnicodeScript.HANGUL,
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.BOPOMOFO,
            UnicodeScript.YI,
            UnicodeScript.THAI,
            UnicodeScript.LAO,
            UnicodeScript.KHMER,
            UnicodeScript.MYANMAR,
            UnicodeScript.TIBETAN);

    private NaiveMinHash() {}

    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        text.codePoints().forEach(codePoint -> {
            boolean letter = Character.isLetter(codePoint);
            if (letter && ALONE.contains(UnicodeScript.of(codePoint))) {
                end(word, words);
                words.add(Character.toString(codePoint));
            } else if (letter || isDigitOrMark(codePoint)) {
                word.appendCodePoint(Character.toLowerCase(codePoint));
            } else {
                end(word, words);
            }
        });
        end(word, words);
        return words;
    }

    private static boolean isDigitOrMark(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.DECIMAL_DIGIT_NUMBER,
                    Character.LETTER_NUMBER,
                    Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.ENCLOSING_MARK -> true;
            default -> false;
        };
    }

    private static void end(StringBuilder word, List<String> words) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    static Set<List<String>> ngrams(String text, int ngram) {
        List<String> words = words(text);
        Set<List<String>> ngrams = new HashSet<>();
        for (int i = 0; i + ngram <= words.size(); i++) {
            ngrams.add(List.copyOf(words.subList(i, i + ngram)));
        }
        if (!words.isEmpty() && words.size() < ngram) {
            ngrams.add(List.copyOf(words));
        }
        return ngrams;
    }

    static double jaccard(String first, String second, int ngram) {
        Set<List<String>> all = ngrams(first, ngram);
        Set<List<String>> others = ngrams(second, ngram);
        long common = all.stream().filter(others::contains).count();
        return (double) common / (all.size() + others.size() - common);
    }

    static long[] sign(String text, MinHashParameters parameters) {
        long[] numbers = Mix64.sequence(0x6D696E68617368L, 2 * parameters.lanes());
        long[] lanes = new long[parameters.lanes()];
        for (int i = 0; i < lanes.length; i++) {
            long least = Long.MAX_VALUE;
            for (List<String> ngram : ngrams(text, parameters.ngram())) {
                long value = (numbers[i] | 1) * hash(ngram) + numbers[parameters.lanes() + i];
                least = Math.min(least, value);
            }
            lanes[i] = least;
        }
        return lanes;
    }

    private static long hash(List<String> ngram) {
        long hash = 0;
        for (String word : ngram) {
            long wordHash = 0xCBF29CE484222325L;
            for (int codePoint : word.codePoints().toArray()) {
                wordHash = (wordHash ^ codePoint) * 0x100000001B3L;
            }
            hash = hash * POLYNOMIAL + wordHash;
        }
        return Mix64.mix(hash);
    }
}
