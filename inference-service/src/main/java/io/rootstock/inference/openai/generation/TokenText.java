package io.rootstock.inference.openai.generation;

import com.google.protobuf.ByteString;
import io.rootstock.inference.v1.TokenLogprob;
import java.util.HexFormat;

/** Converts a token's bytes to text: JSON has no byte strings, and a token may be a part of a character. */
public final class TokenText {
    private TokenText() {}

    /**
     * The text as in OpenAI's completions: {@code bytes:\xe2\x82} for bytes that are not whole characters; a special
     * token as {@code <|im_end|>}.
     */
    public static String of(TokenLogprob token) {
        if (!token.getSpecial().isEmpty()) {
            return token.getSpecial();
        }
        ByteString piece = token.getPiece();
        return piece.isValidUtf8()
                ? piece.toStringUtf8()
                : "bytes:\\x" + HexFormat.ofDelimiter("\\x").formatHex(piece.toByteArray());
    }

    /** Number of characters that begin in these bytes. */
    public static int characters(ByteString piece) {
        int characters = 0;
        for (byte one : piece) {
            // Skip continuation bytes of UTF-8.
            characters += (one & 0xc0) == 0x80 ? 0 : 1;
        }
        return characters;
    }
}
