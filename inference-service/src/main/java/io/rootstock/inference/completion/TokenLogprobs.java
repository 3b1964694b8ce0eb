package io.rootstock.inference.completion;

import com.google.protobuf.ByteString;
import io.rootstock.inference.v1.TokenLogprob;
import java.util.List;

/** Converts log-probabilities to the contract's messages. */
final class TokenLogprobs {
    private TokenLogprobs() {}

    static List<TokenLogprob> of(List<io.rootstock.inference.engine.sampling.TokenLogprob> tokens) {
        return tokens.stream().map(TokenLogprobs::of).toList();
    }

    private static TokenLogprob of(io.rootstock.inference.engine.sampling.TokenLogprob token) {
        TokenLogprob.Builder result = TokenLogprob.newBuilder()
                .setToken(token.token())
                .setPiece(ByteString.copyFrom(token.piece()))
                .setSpecial(token.special())
                .addAllTopLogprobs(of(token.topLogprobs()));
        // NaN: the first token of a prompt has no log-probability.
        if (!Double.isNaN(token.logprob())) {
            result.setLogprob((float) token.logprob());
        }
        return result.build();
    }
}
