package io.rootstock.inference.openai;

import com.google.protobuf.ByteString;
import io.rootstock.inference.v1.TokenLogprob;
import java.util.HexFormat;

/** A token's bytes as text, which JSON wants and a part of a character is not. */
final class TokenText {
    private TokenText() {}

    /**
     * As OpenAI's completions write it: {@code bytes:\xe2\x82} where it is no whole characters; a special token as {@code
     * <|im_end|>}.
     */
    static String of(TokenLogprob token) {
        if (!token.getSpecial().isEmpty()) {
            return token.getSpecial();
        }
        ByteString piece = token.getPiece();
        return piece.isValidUtf8()
                ? piece.toStringUtf8()
                : "bytes:\\x" + HexFormat.ofDelimiter("\\x").formatHex(piece.toByteArray());
    }

    /** Characters that begin in these bytes. */
    static int characters(ByteString piece) {
        int characters = 0;
        for (byte one : piece) {
            // All but the bytes that go on a character.
            characters += (one & 0xc0) == 0x80 ? 0 : 1;
        }
        return characters;
    }
}
