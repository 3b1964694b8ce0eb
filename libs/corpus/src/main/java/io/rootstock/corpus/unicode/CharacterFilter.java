package io.rootstock.corpus.unicode;

import io.rootstock.corpus.bytes.Utf8;
import java.io.ByteArrayOutputStream;
import java.util.Map;

/**
 * Removes or replaces single characters of valid UTF-8 in one pass.
 *
 * @param lineEndings whether other line breaks become line feeds
 * @param controls whether control characters and non-characters are removed
 * @param zeroWidth whether invisible format characters are removed
 */
record CharacterFilter(boolean lineEndings, boolean controls, boolean zeroWidth) {
    private static final int KEEP = 0;
    private static final int LINE = 1;
    private static final int CONTROL = 2;
    private static final int ZERO_WIDTH = 3;

    /** Returns the filtered text, or the array itself if nothing changes; adds the edits by kind. */
    byte[] apply(byte[] text, Map<String, Integer> edits) {
        ByteArrayOutputStream filtered = null;
        int[] counts = new int[4];
        int copied = 0;
        int at = 0;
        while (at < text.length) {
            byte value = text[at];
            if ((value >= ' ' && value != 0x7F) || value == '\n' || value == '\t') {
                at++;
                continue;
            }
            int length = Utf8.length(value);
            int kind = kind(text, at, length);
            if (kind == KEEP) {
                at += length;
                continue;
            }
            filtered = filtered == null ? new ByteArrayOutputStream(text.length) : filtered;
            filtered.write(text, copied, at - copied);
            if (kind == LINE) {
                filtered.write('\n');
                length = value == '\r' && at + 1 < text.length && text[at + 1] == '\n' ? 2 : length;
            }
            counts[kind]++;
            at += length;
            copied = at;
        }
        if (filtered == null) {
            return text;
        }
        filtered.write(text, copied, text.length - copied);
        count(edits, "line ending", counts[LINE]);
        count(edits, "control character", counts[CONTROL]);
        count(edits, "zero-width character", counts[ZERO_WIDTH]);
        return filtered.toByteArray();
    }

    private static void count(Map<String, Integer> edits, String kind, int count) {
        if (count > 0) {
            edits.put(kind, count);
        }
    }

    private int kind(byte[] text, int at, int length) {
        int lead = text[at] & 0xFF;
        int kind = switch (length) {
            case 1 -> lead == '\r' ? LINE : CONTROL;
            case 2 -> lead == 0xC2 ? kindOfLatin(text[at + 1] & 0xFF) : KEEP;
            case 3 ->
                lead == 0xE2 || lead == 0xEF
                        ? kindOf(((lead & 0xF) << 12) | ((text[at + 1] & 0x3F) << 6) | (text[at + 2] & 0x3F))
                        : KEEP;
            default ->
                (text[at + 1] & 0x0F) == 0x0F && text[at + 2] == (byte) 0xBF && (text[at + 3] & 0xFE) == 0xBE
                        ? CONTROL
                        : KEEP;
        };
        return switch (kind) {
            case LINE -> lineEndings ? LINE : KEEP;
            case CONTROL -> controls ? CONTROL : KEEP;
            case ZERO_WIDTH -> zeroWidth && !marksWord(text, at, length) ? ZERO_WIDTH : KEEP;
            default -> KEEP;
        };
    }

    private static int kindOfLatin(int second) {
        if (second < 0xA0) {
            return CONTROL;
        }
        return second == 0xAD ? ZERO_WIDTH : KEEP;
    }

    private static int kindOf(int codePoint) {
        return switch (codePoint) {
            case 0x2028, 0x2029 -> LINE;
            case 0x200B, 0x2060, 0xFEFF -> ZERO_WIDTH;
            case 0xFFF9, 0xFFFA, 0xFFFB, 0xFFFE, 0xFFFF -> CONTROL;
            default -> codePoint >= 0xFDD0 && codePoint <= 0xFDEF ? CONTROL : KEEP;
        };
    }

    /** Whether a zero-width space stands between letters of scripts without spaces: U+0E00-0FFF, 1000-109F, 1780-17FF. */
    private static boolean marksWord(byte[] text, int at, int length) {
        boolean space = length == 3 && text[at] == (byte) 0xE2 && text[at + 1] == (byte) 0x80;
        return space
                && at >= 3
                && isWithoutSpaces(text, at - 3)
                && at + length + 2 < text.length
                && isWithoutSpaces(text, at + length);
    }

    private static boolean isWithoutSpaces(byte[] text, int at) {
        int second = text[at + 1] & 0xFF;
        return switch (text[at] & 0xFF) {
            case 0xE0 -> second >= 0xB8;
            case 0xE1 -> second <= 0x82 || second == 0x9E || second == 0x9F;
            default -> false;
        };
    }
}
