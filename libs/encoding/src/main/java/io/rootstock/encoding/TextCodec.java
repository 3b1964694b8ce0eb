package io.rootstock.encoding;

import java.nio.charset.StandardCharsets;

/** Converts UTF-8 text to token ids and back. Immutable, safe for several threads. */
public interface TextCodec {
    /**
     * Appends the tokens of {@code text[from, to)} to {@code output}, which can be reused for many texts. BOS and EOS are
     * not added.
     *
     * @throws SpecialTokenInTextException if the policy is REFUSE and the text contains a special token
     */
    void encode(byte[] text, int from, int to, SpecialTokenPolicy policy, TokenBuffer output);

    /**
     * Decodes tokens to their bytes.
     *
     * @param skipSpecialTokens whether to omit special tokens
     * @throws IndexOutOfBoundsException if an id is not in the vocabulary
     */
    byte[] decode(int[] ids, boolean skipSpecialTokens);

    /** Encodes a text. */
    default int[] encode(String text, SpecialTokenPolicy policy) {
        return encode(text.getBytes(StandardCharsets.UTF_8), policy);
    }

    /** Encodes UTF-8 text. */
    default int[] encode(byte[] text, SpecialTokenPolicy policy) {
        TokenBuffer output = new TokenBuffer();
        encode(text, 0, text.length, policy, output);
        return output.toArray();
    }
}
