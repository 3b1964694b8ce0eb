package io.rootstock.tokenizer.bpe;

/** What to do with the text of a special token inside input text. */
public enum SpecialTokenPolicy {
    /** Throw {@link SpecialTokenInTextException}. */
    REFUSE,
    /** Encode its characters as ordinary text, so that users cannot forge it. */
    AS_TEXT,
    /** Encode it as the special token. */
    AS_SPECIAL
}
