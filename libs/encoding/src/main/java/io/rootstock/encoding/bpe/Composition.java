package io.rootstock.encoding.bpe;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.BitSet;

/**
 * Unicode NFC of UTF-8 text. Text without a code point that NFC can change (most text) is recognized without decoding
 * it to a String: such code points begin at U+00C0 composed with the marks that follow them, the marks from U+0300.
 *
 * @see <a href="https://www.unicode.org/reports/tr15/">Unicode Standard Annex 15</a>
 */
final class Composition {
    /** Code points that NFC changes, or that can change together with the character before them. */
    private static final BitSet SUSPECTS = suspects();

    /** First byte of U+0300, the lowest suspect. */
    private static final byte LOWEST_FIRST_BYTE = (byte) 0xCC;

    private Composition() {}

    /** Returns {@code text[from, to)} in NFC; bytes that are not UTF-8 are unchanged. Null if it is in NFC already. */
    static byte[] compose(byte[] text, int from, int to) {
        if (!isSuspect(text, from, to)) {
            return null;
        }
        ByteArrayOutputStream composed = new ByteArrayOutputStream(to - from);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer bytes = ByteBuffer.wrap(text, from, to - from);
        while (bytes.hasRemaining()) {
            CharBuffer characters = CharBuffer.allocate(bytes.remaining());
            decoder.reset();
            CoderResult result = decoder.decode(bytes, characters, true);
            composed.writeBytes(
                    Normalizer.normalize(characters.flip(), Normalizer.Form.NFC).getBytes(StandardCharsets.UTF_8));
            for (int i = 0; result.isMalformed() && i < result.length(); i++) {
                composed.write(bytes.get());
            }
        }
        return composed.toByteArray();
    }

    private static boolean isSuspect(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            // Bytes are signed: ASCII is positive, other first bytes and continuation bytes are lower.
            if (text[i] < 0 && text[i] >= LOWEST_FIRST_BYTE && SUSPECTS.get(codePoint(text, i, to))) {
                return true;
            }
        }
        return false;
    }

    /** Returns the code point at a first byte; 0 if its sequence is incomplete. */
    private static int codePoint(byte[] text, int index, int end) {
        int first = Byte.toUnsignedInt(text[index]);
        int length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        if (index + length > end || first >= 0xF8) {
            return 0;
        }
        int codePoint = first & (0x7F >> length);
        for (int i = 1; i < length; i++) {
            codePoint = codePoint << 6 | (text[index + i] & 0x3F);
        }
        return codePoint;
    }

    private static BitSet suspects() {
        BitSet suspects = new BitSet();
        for (int codePoint = 0x300; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            int type = Character.getType(codePoint);
            if (type == Character.UNASSIGNED || type == Character.PRIVATE_USE || type == Character.SURROGATE) {
                continue;
            }
            String text = Character.toString(codePoint);
            if (type == Character.NON_SPACING_MARK
                    || type == Character.ENCLOSING_MARK
                    || type == Character.COMBINING_SPACING_MARK
                    || !Normalizer.isNormalized(text, Normalizer.Form.NFC)) {
                suspects.set(codePoint);
            }
            // A character that composes with the one before it is in the decomposition of the composed character.
            String decomposed = Normalizer.normalize(text, Normalizer.Form.NFD);
            if (decomposed.length() > 1) {
                decomposed.codePoints().skip(1).forEach(suspects::set);
            }
        }
        return suspects;
    }
}
