package io.rootstock.chat;

/**
 * A part of a rendered conversation. {@link FragmentSplitter} makes of segments what is tokenized.
 *
 * @param text its text, never empty
 * @param kind whose text it is
 * @param answer true for what the assistant says and for the special token that ends it: the part that a model learns
 */
public record Segment(String text, Kind kind, boolean answer) {

    /** Whose text a segment is. */
    public enum Kind {
        /** Written by the template: special tokens in it are parsed as special tokens. */
        TEMPLATE,
        /** Written by a user or model: always plain text, whatever it looks like. */
        CONTENT
    }
}
