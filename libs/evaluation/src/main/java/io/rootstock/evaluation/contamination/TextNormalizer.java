package io.rootstock.evaluation.contamination;

import java.nio.CharBuffer;
import java.text.Normalizer;

/**
 * Splits a text that arrives in parts into words: Unicode NFKC, lower case; letters, digits and marks form words, and
 * everything else separates them. The parts' borders do not matter. A longer word is split after {@link #MAX_WORD_LENGTH}
 * characters. Holds at most 4096 characters. Not safe for several threads.
 */
final class TextNormalizer {
    /** Characters of a word. */
    static final int MAX_WORD_LENGTH = 128;

    private static final int RAW = 4096;
    /** Lower-case letter or digit by ASCII character; 0 for separators. */
    static final char[] ASCII = ascii();

    private final Words words;
    /** Characters since the last ASCII separator that are not normalized yet; normal letters in lower case. */
    private final char[] raw = new char[RAW];

    private int rawLength;
    /** Whether all raw characters are letters and digits that normalization does not change. */
    private boolean rawNormal = true;

    private final char[] word = new char[MAX_WORD_LENGTH];
    private int wordLength;
    /** Number of raw characters before those in {@link #raw} since the text's beginning. */
    private long before;
    /** Position of the first raw character that the current word may come from, and the position after the last one. */
    private long wordFrom;

    private long wordTo;

    @FunctionalInterface
    interface Words {
        /**
         * Receives the next word.
         *
         * @param letters the word in the first {@code length} characters; valid during the call
         */
        void word(char[] letters, int length);
    }

    TextNormalizer(Words words) {
        this.words = words;
    }

    /** Adds {@code text[from]} to {@code text[to - 1]}. */
    void add(char[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            char next = text[i];
            if (next < ASCII.length) {
                next = ASCII[next];
                if (next == 0) {
                    endWord();
                    continue;
                }
            } else if (isNormalLetter(next)) {
                next = Character.toLowerCase(next);
            } else {
                rawNormal = false;
            }
            if (rawLength == RAW) {
                normalizeBeginning();
            }
            raw[rawLength++] = next;
        }
    }

    /** Ends the text, and begins another one. */
    void end() {
        endWord();
        before = 0;
    }

    /** Position from which the word that is received comes: the number of characters before it, not counting ASCII separators. */
    long wordFrom() {
        return wordFrom;
    }

    /** Position after the word that is received. At most 8192 characters after {@link #wordFrom}. */
    long wordTo() {
        return wordTo;
    }

    private void endWord() {
        if (rawNormal && wordLength == 0 && rawLength <= MAX_WORD_LENGTH) {
            if (rawLength > 0) {
                wordFrom = before;
                before += rawLength;
                wordTo = before;
                words.word(raw, rawLength);
            }
            rawLength = 0;
            return;
        }
        normalize(rawLength);
        emit();
    }

    /** Normalizes the raw characters up to the last one that cannot combine with those before it. */
    private void normalizeBeginning() {
        int end = RAW - 1;
        while (end > 0 && !begins(end)) {
            end--;
        }
        normalize(end > 0 ? end : RAW);
    }

    /** Whether normalization treats the characters from here on like a text of their own. */
    private boolean begins(int index) {
        if (Character.isLowSurrogate(raw[index])) {
            return false;
        }
        int codePoint = Character.codePointAt(raw, index, rawLength);
        return !isMark(codePoint) && !isJamo(codePoint) && codePoint != 0xFF9E && codePoint != 0xFF9F;
    }

    /** Common letters that are in form NFKC and combine with none of these letters. */
    static boolean isNormalLetter(char letter) {
        return (letter >= 0xC0 && letter <= 0xFF && letter != 0xD7 && letter != 0xF7)
                || (letter >= 0x3B1 && letter <= 0x3C9)
                || (letter >= 0x400 && letter <= 0x481)
                || (letter >= 0x3041 && letter <= 0x3096)
                || (letter >= 0x30A1 && letter <= 0x30FA)
                || (letter >= 0x4E00 && letter <= 0x9FFF)
                || (letter >= 0xAC00 && letter <= 0xD7A3);
    }

    /** Letters of Hangul, which compose to syllables; also those that do so after their decomposition. */
    private static boolean isJamo(int codePoint) {
        return (codePoint >= 0x1100 && codePoint <= 0x11FF)
                || (codePoint >= 0x3131 && codePoint <= 0x318E)
                || (codePoint >= 0xA960 && codePoint <= 0xA97F)
                || (codePoint >= 0xD7B0 && codePoint <= 0xD7FF)
                || (codePoint >= 0xFFA0 && codePoint <= 0xFFDC);
    }

    private static boolean isMark(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> true;
            default -> false;
        };
    }

    /** Adds the first raw characters to the word, and keeps the others. */
    private void normalize(int length) {
        wordTo = before + length;
        wordFrom = wordLength == 0 ? before : wordFrom;
        if (rawNormal) {
            for (int i = 0; i < length; i++) {
                append(raw[i]);
            }
        } else {
            String normal = Normalizer.normalize(CharBuffer.wrap(raw, 0, length), Normalizer.Form.NFKC);
            for (int i = 0; i < normal.length(); ) {
                int codePoint = normal.codePointAt(i);
                i += Character.charCount(codePoint);
                add(codePoint);
            }
        }
        before += length;
        rawLength -= length;
        System.arraycopy(raw, length, raw, 0, rawLength);
        rawNormal = rawLength == 0;
    }

    private void add(int codePoint) {
        boolean mark = isMark(codePoint);
        if (!mark && !Character.isLetterOrDigit(codePoint)) {
            emit();
        } else if (!mark || wordLength > 0) {
            int lower = Character.toLowerCase(codePoint);
            if (Character.isBmpCodePoint(lower)) {
                append((char) lower);
            } else {
                if (wordLength + 2 > MAX_WORD_LENGTH) {
                    emit();
                }
                append(Character.highSurrogate(lower));
                append(Character.lowSurrogate(lower));
            }
        }
    }

    private void append(char letter) {
        if (wordLength == MAX_WORD_LENGTH) {
            emit();
        }
        word[wordLength++] = letter;
    }

    private void emit() {
        if (wordLength > 0) {
            words.word(word, wordLength);
            wordLength = 0;
            wordFrom = before;
        }
    }

    private static char[] ascii() {
        char[] letters = new char[0x80];
        for (char each = '0'; each <= '9'; each++) {
            letters[each] = each;
        }
        for (char each = 'a'; each <= 'z'; each++) {
            letters[each] = each;
            letters[each - 'a' + 'A'] = each;
        }
        return letters;
    }
}
