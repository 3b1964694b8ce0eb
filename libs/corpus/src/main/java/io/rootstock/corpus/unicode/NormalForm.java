package io.rootstock.corpus.unicode;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.BitSet;
import java.util.Map;

/**
 * Unicode normalisation form C (https://www.unicode.org/reports/tr15/) with a quick check over UTF-8.
 *
 * <p>Text is in form C if none of its characters can change or combine: it has no non-starter, no character that composes
 * with one before it, and none that form C replaces. Only text with such characters is normalised.
 */
final class NormalForm {
    /** First character that can combine with another; its UTF-8 begins with 0xCC. */
    private static final int FIRST_COMBINING = 0x300;

    private static final byte FIRST_LEAD = (byte) 0xCC;

    private static final BitSet UNSAFE = unsafe();

    private NormalForm() {}

    /** Returns the text in form C, the array itself if it is; adds the edits. */
    static byte[] toNfc(byte[] text, Map<String, Integer> edits) {
        if (isSafe(text)) {
            return text;
        }
        String characters = new String(text, StandardCharsets.UTF_8);
        if (Normalizer.isNormalized(characters, Form.NFC)) {
            return text;
        }
        String normal = Normalizer.normalize(characters, Form.NFC);
        int removed = characters.codePointCount(0, characters.length()) - normal.codePointCount(0, normal.length());
        edits.put("normalisation", Math.max(1, removed));
        return normal.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether no character of valid UTF-8 needs normalisation. */
    static boolean isSafe(byte[] text) {
        int at = 0;
        while (at < text.length) {
            byte lead = text[at];
            if (lead >= 0) {
                at++;
            } else if (lead < FIRST_LEAD) {
                at += 2;
            } else if (lead < (byte) 0xE0) {
                if (UNSAFE.get(((lead & 0x1F) << 6) | (text[at + 1] & 0x3F))) {
                    return false;
                }
                at += 2;
            } else if (lead < (byte) 0xF0) {
                if (UNSAFE.get(((lead & 0xF) << 12) | ((text[at + 1] & 0x3F) << 6) | (text[at + 2] & 0x3F))) {
                    return false;
                }
                at += 3;
            } else {
                if (UNSAFE.get(((lead & 7) << 18)
                        | ((text[at + 1] & 0x3F) << 12)
                        | ((text[at + 2] & 0x3F) << 6)
                        | (text[at + 3] & 0x3F))) {
                    return false;
                }
                at += 4;
            }
        }
        return true;
    }

    /** Marks, characters that are not in form C alone, and characters after the first of any decomposition. */
    private static BitSet unsafe() {
        BitSet unsafe = new BitSet(0x30000);
        for (int c = FIRST_COMBINING; c <= Character.MAX_CODE_POINT; c++) {
            switch (Character.getType(c)) {
                case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
                    unsafe.set(c);
                case Character.UNASSIGNED, Character.SURROGATE, Character.PRIVATE_USE -> {
                    continue;
                }
                default -> {}
            }
            String character = Character.toString(c);
            String parts = Normalizer.normalize(character, Form.NFD);
            if (!parts.equals(character)) {
                int first = Character.charCount(parts.codePointAt(0));
                parts.substring(first).codePoints().forEach(unsafe::set);
                if (!Normalizer.isNormalized(character, Form.NFC)) {
                    unsafe.set(c);
                }
            }
        }
        return unsafe;
    }
}
