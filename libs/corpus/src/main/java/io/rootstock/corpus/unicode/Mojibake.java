package io.rootstock.corpus.unicode;

import io.rootstock.corpus.bytes.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes mojibake: UTF-8 that was read as windows-1252 or ISO-8859-1 ("CafÃ©"), once or twice.
 *
 * <p>A conservative subset of ftfy (https://ftfy.readthedocs.io/en/latest/heuristic.html). A run is a longest sequence of
 * characters that have a byte from 0x80 to 0xFF. It is decoded only if all its bytes together are valid UTF-8 and {@link
 * MojibakeEvidence} shows that no language writes it so, or if that is shown for at least half of such runs of the text.
 * Lost bytes are not guessed.
 */
final class Mojibake {
    private static final int ROUNDS = 2;

    private Mojibake() {}

    /**
     * Result of a repair.
     *
     * @param text repaired text
     * @param runs number of decoded runs; 0 if the text is unchanged
     */
    record Repair(String text, int runs) {}

    /**
     * Whether a text may contain mojibake: a letter from U+00C2 to U+00F4, which begins each run, followed by a character
     * outside of ASCII.
     */
    static boolean isPossible(byte[] utf8) {
        int limit = utf8.length - 2;
        for (int at = Utf8.indexOf(utf8, 0, limit, (byte) 0xC3);
                at < limit;
                at = Utf8.indexOf(utf8, at + 1, limit, (byte) 0xC3)) {
            int low = utf8[at + 1] & 0xFF;
            if (low >= 0x82 && low <= 0xB4 && utf8[at + 2] < 0) {
                return true;
            }
        }
        return false;
    }

    /** Decodes the mojibake of a text. */
    static Repair repair(String text) {
        String current = text;
        int runs = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Repair repair = repairOnce(current);
            if (repair.runs == 0) {
                break;
            }
            runs = Math.max(runs, repair.runs);
            current = repair.text;
        }
        return new Repair(current, runs);
    }

    /** A run whose bytes are valid UTF-8. */
    private record Run(int from, int to, String decoded, boolean certain) {}

    private static Repair repairOnce(String text) {
        List<Run> runs = runs(text);
        long certain = runs.stream().filter(Run::certain).count();
        boolean all = 2 * certain >= runs.size();
        StringBuilder repaired = new StringBuilder();
        int copied = 0;
        int count = 0;
        for (Run run : runs) {
            if (all || run.certain) {
                repaired.append(text, copied, run.from).append(run.decoded);
                copied = run.to;
                count++;
            }
        }
        return new Repair(repaired.append(text, copied, text.length()).toString(), count);
    }

    private static List<Run> runs(String text) {
        List<Run> runs = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int end = at;
            while (end < text.length() && text.charAt(end) >= 0x80 && Windows1252.encode(text.charAt(end)) >= 0) {
                end++;
            }
            if (end - at >= 2) {
                byte[] bytes = encode(text, at, end);
                if (Utf8.firstInvalid(bytes, 0, bytes.length) < 0) {
                    boolean certain = MojibakeEvidence.isSufficient(text, at, end, bytes);
                    runs.add(new Run(at, end, new String(bytes, StandardCharsets.UTF_8), certain));
                }
            }
            at = Math.max(end, at + 1);
        }
        return runs;
    }

    private static byte[] encode(String text, int from, int to) {
        byte[] bytes = new byte[to - from];
        for (int i = from; i < to; i++) {
            bytes[i - from] = (byte) Windows1252.encode(text.charAt(i));
        }
        return bytes;
    }

    /**
     * The bytes that characters have in windows-1252, as the WHATWG Encoding Standard defines it: the five bytes without a
     * character (81, 8D, 8F, 90, 9D) are control characters. Control characters U+0080 to U+009F have their ISO-8859-1 byte.
     */
    static final class Windows1252 {
        /** Characters of the bytes 0x80 to 0x9F. */
        private static final String SPECIAL =
                "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F"
                        + "\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

        private Windows1252() {}

        /** Returns the byte, 0x80 to 0xFF, of a character outside of ASCII; -1 if it has none. */
        static int encode(char character) {
            if (character >= 0x80 && character <= 0xFF) {
                return character;
            }
            int index = character < 0x100 ? -1 : SPECIAL.indexOf(character);
            return index < 0 ? -1 : 0x80 + index;
        }

        /** Returns the character of a byte, 0x80 to 0xFF. */
        static char decode(int value) {
            return value < 0xA0 ? SPECIAL.charAt(value - 0x80) : (char) value;
        }
    }
}
