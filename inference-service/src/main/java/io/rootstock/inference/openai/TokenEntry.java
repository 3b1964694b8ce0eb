package io.rootstock.inference.openai;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rootstock.inference.v1.TokenLogprob;
import java.util.ArrayList;
import java.util.List;

/**
 * How likely a token was, as chats tell it.
 *
 * @param token its text
 * @param id its id, which OpenAI does not tell
 * @param logprob natural logarithm of its probability; null for the first of a prompt
 * @param bytes its bytes
 * @param topLogprobs the likeliest at its place; null in those themselves
 */
@RegisterForReflection
record TokenEntry(String token, int id, Float logprob, List<Integer> bytes, List<TokenEntry> topLogprobs) {
    static List<TokenEntry> of(List<TokenLogprob> tokens) {
        return tokens.stream()
                .map(token -> of(
                        token,
                        token.getAlternativesList().stream()
                                .map(alternative -> of(alternative, null))
                                .toList()))
                .toList();
    }

    /** Those that were asked for; null where none were. */
    static List<TokenEntry> ofAsked(List<TokenLogprob> tokens) {
        return tokens.isEmpty() ? null : of(tokens);
    }

    private static TokenEntry of(TokenLogprob token, List<TokenEntry> alternatives) {
        List<Integer> bytes = new ArrayList<>();
        for (byte one : token.getPiece()) {
            bytes.add(one & 0xff);
        }
        return new TokenEntry(
                TokenText.of(token),
                token.getToken(),
                token.hasLogprob() ? token.getLogprob() : null,
                bytes,
                alternatives);
    }
}
