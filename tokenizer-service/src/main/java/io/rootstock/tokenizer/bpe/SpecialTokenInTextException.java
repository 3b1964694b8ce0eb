package io.rootstock.tokenizer.bpe;

/** The text contains a special token and was to be refused in that case. */
public final class SpecialTokenInTextException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param token the special token's text
     * @param position where it begins, in UTF-16 units
     */
    public SpecialTokenInTextException(String token, int position) {
        super("contains the special token " + token + " at position " + position
                + "; encode it AS_TEXT or AS_SPECIAL, or remove it");
    }
}
