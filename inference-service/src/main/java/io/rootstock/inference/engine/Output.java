package io.rootstock.inference.engine;

import java.util.List;

/** What a generation gives, piece by piece. */
public sealed interface Output {
    /**
     * More text.
     *
     * @param text whole characters; empty only where {@code logprobs} are not
     * @param logprobs of the tokens made since the last piece, if asked for; a token whose bytes are held back (an
     *     unfinished character, the beginning of a stop string) comes before its text does
     */
    record Text(String text, List<TokenLogprob> logprobs) implements Output {}

    /**
     * The end.
     *
     * @param reason why
     * @param promptTokens tokens of the prompt
     * @param completionTokens tokens made, the one that ended the text not counted
     * @param cachedTokens tokens of the prompt that were in memory from earlier requests
     * @param firstTokenMilliseconds from arrival to the first token
     * @param totalMilliseconds from arrival to the end
     * @param stop the stop string that was met; empty: none
     * @param promptLogprobs of the prompt's tokens, if asked for
     */
    record End(
            Reason reason,
            int promptTokens,
            int completionTokens,
            int cachedTokens,
            double firstTokenMilliseconds,
            double totalMilliseconds,
            String stop,
            List<TokenLogprob> promptLogprobs)
            implements Output {}

    /** Why a generation ended. */
    enum Reason {
        /** The model ended its text. */
        END_OF_TEXT,
        /** A stop string or a stop token was met. */
        STOP_STRING,
        /** The most tokens were made, or the context is used up. */
        LENGTH
    }
}
