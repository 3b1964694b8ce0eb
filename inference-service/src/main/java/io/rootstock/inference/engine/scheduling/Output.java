package io.rootstock.inference.engine.scheduling;

import io.rootstock.inference.engine.sampling.TokenLogprob;
import java.util.List;

/** An output of a {@link Generation}. */
public sealed interface Output {
    /**
     * The next part of the text.
     *
     * @param text whole characters; empty only if {@code logprobs} is not
     * @param logprobs log-probabilities or ids of the tokens generated since the last output, if requested; the
     *     log-probability of a token whose bytes are held back (an incomplete character, the beginning of a stop
     *     string) precedes its text
     * @param completionTokens number of tokens generated so far
     */
    record Text(String text, List<TokenLogprob> logprobs, int completionTokens) implements Output {}

    /**
     * The end of a completion.
     *
     * @param reason finish reason
     * @param promptTokens tokens of the prompt
     * @param completionTokens generated tokens, without the token that ended the text
     * @param cachedTokens prompt tokens that came from the prefix cache
     * @param firstTokenMilliseconds time from arrival to the first token
     * @param totalMilliseconds time from arrival to the end
     * @param stop the stop string that matched; empty if none did
     * @param promptLogprobs log-probabilities of the prompt's tokens, if requested
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

    enum Reason {
        /** The model generated a token that ends the text. */
        END_OF_TEXT,
        /** A stop string or a stop token matched. */
        STOP_STRING,
        /** The maximum number of tokens or the context length was reached. */
        LENGTH
    }
}
