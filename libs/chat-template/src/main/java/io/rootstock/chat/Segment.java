package io.rootstock.chat;

/**
 * A part of a rendered conversation. {@link FragmentSplitter} converts segments to fragments for the tokenizer.
 *
 * @param text its text, never empty
 * @param kind source of the text
 * @param answer whether the assistant wrote it, or it is the special token after an answer: the part in the loss
 */
public record Segment(String text, Kind kind, boolean answer) {

    /** Source of a segment's text. */
    public enum Kind {
        /** Written by the template: special tokens are parsed. */
        TEMPLATE,
        /** Written by a user or model: always plain text, even if it looks like a special token. */
        CONTENT
    }
}
