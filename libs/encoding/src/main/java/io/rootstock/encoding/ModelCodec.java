package io.rootstock.encoding;

/** A codec of a language model's tokenizer: also gives the characters and the bytes of each token. */
public interface ModelCodec extends TextCodec {
    /**
     * Encodes a text as {@link SpecialTokenPolicy#AS_TEXT} does, with the characters of each token. For a tokenizer
     * that normalizes, the text must be in Unicode NFC, so that the positions are valid in it.
     *
     * @param first whether the text is not preceded by another part of the same text, such as a special token
     */
    TokenizedText encodeWithOffsets(String text, boolean first);

    /**
     * Returns the bytes of a token in a text; of a special token the bytes of its text.
     *
     * @throws IndexOutOfBoundsException if the id is not in the vocabulary
     */
    byte[] bytes(int id);

    /** Whether a token is a control token; other added tokens represent text. */
    boolean isSpecial(int id);

    /**
     * Whether encoding adds a blank before a part of a text between special tokens, as Llama 2 does.
     *
     * @param first whether it is the first part, which does not follow a special token
     */
    boolean addsBlank(boolean first);

    /** Number of ids, special tokens included. */
    int size();
}
