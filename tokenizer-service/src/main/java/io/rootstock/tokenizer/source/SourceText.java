package io.rootstock.tokenizer.source;

import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * UTF-8 that remembers where it was invalid.
 *
 * <p>Malformed bytes become a lone surrogate, which valid UTF-8 can never give, so a row that holds one is refused while
 * its neighbours are read.
 */
final class SourceText {
    /** Stands for malformed bytes. */
    static final String MALFORMED = "\uDFFF";

    static final String NOT_UTF_8 = "is not valid UTF-8 here; save the file as UTF-8";
    static final String LONE_SURROGATE = "has an escaped half of a surrogate pair, which is no character; remove it";

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
