package io.rootstock.inference.engine;

/** What a generation gives, piece by piece. */
public sealed interface Output {
    /** More text: whole characters, never empty. */
    record Text(String text) implements Output {}

    /**
     * The end.
     *
     * @param reason why
     * @param promptTokens tokens of the prompt
     * @param completionTokens tokens made, the one that ended the text not counted
     * @param firstTokenMilliseconds from arrival to the first token
     * @param totalMilliseconds from arrival to the end
     */
    record End(
            Reason reason,
            int promptTokens,
            int completionTokens,
            double firstTokenMilliseconds,
            double totalMilliseconds)
            implements Output {}

    /** Why a generation ended. */
    enum Reason {
        /** The model ended its text. */
        END_OF_TEXT,
        /** A stop string was met. */
        STOP_STRING,
        /** The most tokens were made, or the context is used up. */
        LENGTH
    }
}
