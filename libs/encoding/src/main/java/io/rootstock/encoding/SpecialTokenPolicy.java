package io.rootstock.encoding;

/** Treatment of a special token's text inside input text. */
public enum SpecialTokenPolicy {
    /** Throw {@link SpecialTokenInTextException}. */
    REFUSE,
    /** Encode the characters as ordinary text, so that users cannot inject special tokens. */
    AS_TEXT,
    /** Encode it as the special token. */
    AS_SPECIAL
}
