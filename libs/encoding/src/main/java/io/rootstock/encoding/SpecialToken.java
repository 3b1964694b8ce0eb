package io.rootstock.encoding;

import java.util.List;

/**
 * A token that merges never produce, such as {@code <|im_end|>}.
 *
 * @param text content of the token
 * @param id id of the token
 * @param control whether it is a control token; otherwise it is recognized in every text (Qwen's {@code <tool_call>})
 */
public record SpecialToken(String text, int id, boolean control) {
    /** BOS: begins a text or conversation. */
    public static final String BEGIN_OF_TEXT = "<|begin_of_text|>";

    /** EOS: ends a document. */
    public static final String END_OF_TEXT = "<|end_of_text|>";

    /** Begins a chat message. */
    public static final String MESSAGE_START = "<|im_start|>";

    /** Ends a chat message, also an answer. */
    public static final String MESSAGE_END = "<|im_end|>";

    /** Pads rows to equal length. */
    public static final String PADDING = "<|pad|>";

    /** Special tokens of tokenizers trained by Rootstock, in id order. */
    public static final List<String> DEFAULT = List.of(BEGIN_OF_TEXT, END_OF_TEXT, MESSAGE_START, MESSAGE_END, PADDING);
}
