package io.rootstock.corpus.quality;

import io.rootstock.corpus.Text;
import java.util.Arrays;

/**
 * Words, lines and counts of one text, found in one pass over its bytes.
 *
 * <p>A word is one of the following; white space belongs to none.
 *
 * <ul>
 *   <li>A run of letters, marks and numbers, joined by a full stop between digits or between letters unless only the
 *       second is upper case, a comma between digits, and an underscore ("3.14", "1,000", "example.com", "snake_case"). A
 *       Korean word is an eojeol without its punctuation.
 *   <li>Such a run with an apostrophe before it, if another one ends there with a letter: "don't" is "don" and "'t".
 *   <li>One Han ideograph or one Hiragana letter.
 *   <li>A run of one repeated other character ("...", "--").
 * </ul>
 *
 * <p>datatrove calls spaCy for most languages and Kiwi, a morphological analyser, for Korean; neither exists for the
 * JVM, and both cost more than all other steps together. The rule above gives spaCy's words on plain English except
 * that spaCy divides "don't" into "do" and "n't" and keeps titles ("Mr.") and addresses with '/' whole. Korean words are
 * longer than Kiwi's morphemes (about 3 characters instead of 2), nearer to the thresholds, which were set for English.
 * Thai, Lao, Khmer and Burmese have no spaces: a run between spaces counts as one word there, so give thresholds of
 * their own.
 *
 * <p>Words, lines and n-grams are identified by 64-bit hashes. Lengths are in code points. The scan of the last text is
 * kept for each thread, so that consecutive steps on an unchanged text share it; texts above {@link #KEPT_BYTES} are
 * scanned into memory of their own. A word takes 12 bytes: about 3 for each byte of prose.
 */
final class DocumentScan {
    private static final int KEPT_BYTES = 1 << 20;
    private static final ThreadLocal<DocumentScan> LAST = ThreadLocal.withInitial(DocumentScan::new);

    /** Number of words. */
    int words;

    long[] wordHashes = new long[1024];

    /** Code points of all words before a word; index {@code words} has the sum. */
    int[] wordStarts = new int[1025];

    /** Words with a character outside of datatrove's punctuation, and their code points. */
    int plainWords;

    int plainWordCharacters;

    /** Words with a letter. */
    int alphabeticWords;

    /** Code points of the text. */
    int characters;

    int hashSigns;

    /** Number of "..." (not overlapping) and "…". */
    int ellipses;

    /** Lines of the text between "\n" and other line boundaries. */
    final LineScan lines = new LineScan();

    private byte[] scanned;
    private byte[] utf8;
    private int continuations;

    /** Offset of the apostrophe between letters that begins the next word; -1 if none. */
    private int contraction;

    private DocumentScan() {}

    /** Returns the scan of a text; valid until the thread scans another. */
    static DocumentScan of(Text text) {
        DocumentScan scan = text.length() > KEPT_BYTES ? new DocumentScan() : LAST.get();
        byte[] bytes = text.utf8();
        if (scan.scanned != bytes) {
            scan.scanned = bytes;
            scan.scan(bytes);
        }
        return scan;
    }

    private void scan(byte[] bytes) {
        utf8 = bytes;
        words = 0;
        plainWords = 0;
        plainWordCharacters = 0;
        alphabeticWords = 0;
        hashSigns = 0;
        ellipses = 0;
        continuations = 0;
        contraction = -1;
        lines.begin(bytes);
        int at = 0;
        while (at < bytes.length) {
            int first = bytes[at];
            int width = 1;
            int classes;
            if (first >= 0) {
                classes = CharacterClass.ASCII[first];
            } else {
                width = Utf8.width(bytes[at]);
                classes = CharacterClass.of(Utf8.codePoint(bytes, at));
            }
            if ((classes & CharacterClass.SPACE) != 0) {
                continuations += width - 1;
                at += width;
                if ((classes & CharacterClass.LINE_BREAK) != 0) {
                    at = lines.boundary(at, width, at - continuations);
                }
            } else {
                boolean word = (classes & (CharacterClass.WORD | CharacterClass.IDEOGRAPH)) == CharacterClass.WORD;
                int end = word ? word(at, 0) : at == contraction ? word(at, width) : symbols(at, width, classes);
                lines.visible(at, end);
                at = end;
            }
        }
        characters = bytes.length - continuations;
        lines.end(characters);
        utf8 = null;
    }

    /** Reads the word that begins at an offset, after an apostrophe of some bytes, and returns its end. */
    private int word(int start, int apostrophe) {
        byte[] bytes = utf8;
        int at = start + apostrophe;
        int before = continuations;
        continuations += Math.max(0, apostrophe - 1);
        int seen = 0;
        int punctuation = CharacterClass.PUNCTUATION;
        int last = 0;
        while (at < bytes.length) {
            int first = bytes[at];
            if (first >= 0) {
                int classes = CharacterClass.ASCII[first];
                if ((classes & CharacterClass.WORD) != 0) {
                    last = classes;
                    seen |= classes;
                    punctuation &= classes;
                    at++;
                } else if (joins(first, last, at + 1)) {
                    if (first == '\'') {
                        contraction = at;
                        break;
                    }
                    at++;
                } else {
                    break;
                }
            } else {
                int codePoint = Utf8.codePoint(bytes, at);
                int classes = CharacterClass.of(codePoint);
                int width = Utf8.width(bytes[at]);
                if ((classes & (CharacterClass.WORD | CharacterClass.IDEOGRAPH)) == CharacterClass.WORD) {
                    last = classes;
                    seen |= classes;
                    punctuation &= classes;
                } else {
                    contraction = codePoint == '’' && joins('\'', last, at + width) ? at : -1;
                    break;
                }
                continuations += width - 1;
                at += width;
            }
        }
        add(start, at, at - start - (continuations - before), punctuation == 0, (seen & CharacterClass.LETTER) != 0);
        return at;
    }

    /** Tells whether a joiner behind a character of given classes continues the word with the character at an offset. */
    private boolean joins(int joiner, int last, int next) {
        int joined = switch (joiner) {
            case '\'' -> CharacterClass.LETTER;
            case ',' -> CharacterClass.DIGIT;
            case '.' -> last & (CharacterClass.DIGIT | CharacterClass.LETTER);
            case '_' -> CharacterClass.WORD;
            default -> 0;
        };
        if ((last & joined) == 0 || next >= utf8.length) {
            return false;
        }
        int following = Utf8.codePoint(utf8, next);
        int classes = CharacterClass.of(following);
        if ((classes & joined) == 0 || (classes & CharacterClass.IDEOGRAPH) != 0) {
            return false;
        }
        return joiner != '.'
                || !Character.isUpperCase(following)
                || Character.isUpperCase(Utf8.codePoint(utf8, Utf8.previous(utf8, next - 1)));
    }

    /** Reads an ideograph, or the run of a character that belongs to no other word, and returns its end. */
    private int symbols(int start, int width, int classes) {
        int at = start + width;
        int length = 1;
        if ((classes & CharacterClass.IDEOGRAPH) == 0) {
            while (at + width <= utf8.length && equal(start, at, width)) {
                at += width;
                length++;
            }
        }
        continuations += length * (width - 1);
        if (width == 1 && utf8[start] == '#') {
            hashSigns += length;
        } else if (width == 1 && utf8[start] == '.') {
            ellipses += length / 3;
        } else if (width == 3 && Utf8.codePoint(utf8, start) == '…') {
            ellipses += length;
        }
        add(start, at, length, (classes & CharacterClass.PUNCTUATION) == 0, (classes & CharacterClass.LETTER) != 0);
        return at;
    }

    private boolean equal(int left, int right, int length) {
        for (int index = 0; index < length; index++) {
            if (utf8[left + index] != utf8[right + index]) {
                return false;
            }
        }
        return true;
    }

    private void add(int start, int end, int length, boolean plain, boolean alphabetic) {
        if (words == wordHashes.length) {
            wordHashes = Arrays.copyOf(wordHashes, words * 2);
            wordStarts = Arrays.copyOf(wordStarts, words * 2 + 1);
        }
        wordHashes[words] = Utf8.hash(utf8, start, end);
        wordStarts[words + 1] = wordStarts[words] + length;
        words++;
        plainWords += plain ? 1 : 0;
        plainWordCharacters += plain ? length : 0;
        alphabeticWords += alphabetic ? 1 : 0;
    }
}
