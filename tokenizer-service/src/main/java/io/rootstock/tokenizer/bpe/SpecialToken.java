package io.rootstock.tokenizer.bpe;

import java.util.List;

/**
 * A token that stands for itself and never comes from merges, such as {@code <|im_end|>}.
 *
 * @param text its text
 * @param id its id
 * @param control whether it stands for no text; otherwise it is found in every text (Qwen's {@code <tool_call>})
 */
public record SpecialToken(String text, int id, boolean control) {
    /** BOS: begins a text or conversation. */
    public static final String BEGIN_OF_TEXT = "<|begin_of_text|>";

    /** EOS: ends a document. */
    public static final String END_OF_TEXT = "<|end_of_text|>";

    /** Begins a chat message. */
    public static final String MESSAGE_START = "<|im_start|>";

    /** Ends a chat message, and so an answer. */
    public static final String MESSAGE_END = "<|im_end|>";

    /** Fills rows up to one length. */
    public static final String PADDING = "<|pad|>";

    /** The special tokens of every tokenizer trained here, in id order. */
    public static final List<String> STANDARD =
            List.of(BEGIN_OF_TEXT, END_OF_TEXT, MESSAGE_START, MESSAGE_END, PADDING);
}
