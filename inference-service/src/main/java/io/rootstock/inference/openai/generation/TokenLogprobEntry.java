package io.rootstock.inference.openai.generation;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rootstock.inference.v1.TokenLogprob;
import java.util.ArrayList;
import java.util.List;

/**
 * Log-probability of a token in a chat response.
 *
 * @param token its text
 * @param id token id; not in OpenAI's API
 * @param logprob natural logarithm of its probability; null for the first token of a prompt
 * @param bytes its bytes
 * @param topLogprobs the most probable tokens at its position; null in their own entries
 */
@RegisterForReflection
public record TokenLogprobEntry(
        String token, int id, Float logprob, List<Integer> bytes, List<TokenLogprobEntry> topLogprobs) {
    public static List<TokenLogprobEntry> of(List<TokenLogprob> tokens) {
        return tokens.stream()
                .map(token -> of(
                        token,
                        token.getTopLogprobsList().stream()
                                .map(alternative -> of(alternative, null))
                                .toList()))
                .toList();
    }

    /** Entries of the requested log-probabilities; null if there are none. */
    public static List<TokenLogprobEntry> ofRequested(List<TokenLogprob> tokens) {
        return tokens.isEmpty() ? null : of(tokens);
    }

    private static TokenLogprobEntry of(TokenLogprob token, List<TokenLogprobEntry> topLogprobs) {
        List<Integer> bytes = new ArrayList<>();
        for (byte one : token.getPiece()) {
            bytes.add(one & 0xff);
        }
        return new TokenLogprobEntry(
                TokenText.of(token),
                token.getToken(),
                token.hasLogprob() ? token.getLogprob() : null,
                bytes,
                topLogprobs);
    }
}
