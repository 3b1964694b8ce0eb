package io.rootstock.evaluation.baseline;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/** Hashed binary features of a text: lower-case words, pairs of words, and character n-grams. */
final class TextFeatures {
    /** Number of features, a power of two. */
    static final int COUNT = 1 << 18;

    /** Characters that are read of a text. */
    private static final int MAX_CHARACTERS = 4096;

    private static final int MIN_GRAM = 2;
    private static final int MAX_GRAM = 5;
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}£$]+");
    private static final int GRAM = "gram ".hashCode();

    private TextFeatures() {}

    /** Returns the distinct features of a text, ascending; at least one. */
    static int[] of(String text) {
        String read = text.length() > MAX_CHARACTERS ? text.substring(0, MAX_CHARACTERS) : text;
        String[] words =
                BETWEEN_WORDS.splitAsStream(read.toLowerCase(Locale.ROOT)).toArray(String[]::new);
        String padded = " " + read + " ";
        int[] features = new int[2 * words.length + (MAX_GRAM - MIN_GRAM + 1) * padded.length()];
        int size = 0;
        for (int i = 0; i < words.length; i++) {
            features[size++] = mixed(("word " + words[i]).hashCode());
            if (i > 0) {
                features[size++] = mixed(("pair " + words[i - 1] + " " + words[i]).hashCode());
            }
        }
        for (int start = 0; start < padded.length(); start++) {
            int end = Math.min(padded.length(), start + MAX_GRAM);
            int hash = GRAM; // hashCode of "gram " and the characters so far
            for (int i = start; i < end; i++) {
                hash = 31 * hash + padded.charAt(i);
                if (i + 1 - start >= MIN_GRAM) {
                    features[size++] = mixed(hash);
                }
            }
        }
        Arrays.sort(features, 0, size);
        return distinct(features, size);
    }

    private static int[] distinct(int[] sorted, int size) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (kept == 0 || sorted[i] != sorted[kept - 1]) {
                sorted[kept++] = sorted[i];
            }
        }
        return Arrays.copyOf(sorted, kept);
    }

    /** Mixes a string's hash code, because similar strings have similar hash codes. */
    private static int mixed(int hashCode) {
        int hash = hashCode * 0x9E3779B1;
        hash ^= hash >>> 15;
        return ((hash * 0x85EBCA6B) >>> 8) & (COUNT - 1);
    }
}
