package io.rootstock.corpus.unicode;

import io.rootstock.corpus.bytes.Utf8;
import java.nio.charset.StandardCharsets;

/**
 * Decodes mojibake: UTF-8 that was read as windows-1252 or ISO-8859-1 ("CafÃ©"), once or twice.
 *
 * <p>A conservative subset of ftfy (https://ftfy.readthedocs.io/en/latest/heuristic.html). A run is a longest sequence of
 * characters that have a byte from 0x80 to 0xFF. It is decoded only if all its bytes together are valid UTF-8 and {@link
 * MojibakeEvidence} shows that no language writes it so. Lost bytes are not guessed.
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

    private static Repair repairOnce(String text) {
        StringBuilder repaired = null;
        int runs = 0;
        int copied = 0;
        int at = 0;
        while (at < text.length()) {
            if (text.charAt(at) < 0x80 || Windows1252.encode(text.charAt(at)) < 0) {
                at++;
                continue;
            }
            int end = at + 1;
            while (end < text.length() && text.charAt(end) >= 0x80 && Windows1252.encode(text.charAt(end)) >= 0) {
                end++;
            }
            byte[] bytes = encode(text, at, end);
            if (Utf8.firstInvalid(bytes, 0, bytes.length) < 0 && MojibakeEvidence.isSufficient(text, at, end, bytes)) {
                repaired = repaired == null ? new StringBuilder(text.length()) : repaired;
                repaired.append(text, copied, at).append(new String(bytes, StandardCharsets.UTF_8));
                copied = end;
                runs++;
            }
            at = end;
        }
        return repaired == null
                ? new Repair(text, 0)
                : new Repair(repaired.append(text, copied, text.length()).toString(), runs);
    }

    private static byte[] encode(String text, int from, int to) {
        byte[] bytes = new byte[to - from];
        for (int i = from; i < to; i++) {
            bytes[i - from] = (byte) Windows1252.encode(text.charAt(i));
        }
        return bytes;
    }
}
