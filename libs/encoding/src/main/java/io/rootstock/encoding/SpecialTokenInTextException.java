package io.rootstock.encoding;

/** The text contains a special token, and the policy rejects it. */
public final class SpecialTokenInTextException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param token content of the special token
     * @param position index of its first UTF-16 unit
     */
    public SpecialTokenInTextException(String token, int position) {
        super("contains the special token " + token + " at position " + position
                + "; encode it AS_TEXT or AS_SPECIAL, or remove it");
    }
}
