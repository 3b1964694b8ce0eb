package io.rootstock.tokenizer.row;

/** Content of a row, by the kind of its shape. */
public sealed interface RowContent {
    /** A text to learn. */
    record Document(String text) implements RowContent {}

    /** A text and its class. */
    record Labelled(String text, String label) implements RowContent {}

    /** A conversation whose answers are learned. */
    record Instruction(RowConversation conversation) implements RowContent {}

    /** Two conversations that differ in their last answers; the first one is better. */
    record Preference(RowConversation chosen, RowConversation rejected) implements RowContent {}
}
