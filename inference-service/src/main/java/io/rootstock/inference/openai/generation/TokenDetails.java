package io.rootstock.inference.openai.generation;

import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.TokenLogprob;
import java.util.List;

/**
 * Requested details of the generated tokens, which the service returns in one list of entries.
 *
 * @param logprobs whether log-probabilities are returned
 * @param ids whether token ids are returned, as with vLLM's {@code return_token_ids}
 */
public record TokenDetails(boolean logprobs, boolean ids) {
    public static TokenDetails of(GenerationOptions options) {
        return new TokenDetails(options.getLogprobs(), options.getReturnTokenIds());
    }

    /** The entries with log-probabilities; empty if these were not requested. */
    public List<TokenLogprob> scored(List<TokenLogprob> tokens) {
        return logprobs ? tokens : List.of();
    }

    /** The token ids; null if they were not requested. */
    public List<Integer> ids(List<TokenLogprob> tokens) {
        return ids ? tokens.stream().map(TokenLogprob::getToken).toList() : null;
    }
}
