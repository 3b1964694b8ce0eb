package io.rootstock.tokenizer.source;

import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Decodes UTF-8 and marks invalid bytes.
 *
 * <p>Malformed bytes become a lone surrogate, which valid UTF-8 never produces, so that a row with one is rejected
 * while other rows are read.
 */
final class SourceText {
    /** Replacement of malformed bytes. */
    static final String MALFORMED = "\uDFFF";

    static final String NOT_UTF_8 = "is not valid UTF-8 here; save the file as UTF-8";
    static final String LONE_SURROGATE = "has an escaped half of a surrogate pair, which is not a character; remove it";

    private SourceText() {}

    static CharsetDecoder decoder() {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE)
                .replaceWith(MALFORMED);
    }

    static boolean isMalformed(String text) {
        return text.contains(MALFORMED) && hasLoneSurrogate(text);
    }

    static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (Character.isSurrogate(character)) {
                if (Character.isLowSurrogate(character)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }
}
