package io.rootstock.inference.engine.sampling;

import java.util.Arrays;
import java.util.Set;

/**
 * Tokens that a completion may contain, independent of its text.
 *
 * @param ignoreEnds never sample a token that ends the text
 * @param minTokens number of tokens before which no token may be sampled that ends the text or is in {@code stopTokens}
 * @param stopTokens tokens at which the completion ends
 * @param allowed the only tokens that may be sampled; empty: all
 */
public record TokenRules(boolean ignoreEnds, int minTokens, Set<Integer> stopTokens, Set<Integer> allowed) {
    /** Allows all tokens. */
    public static final TokenRules NONE = new TokenRules(false, 0, Set.of(), Set.of());

    /** Excludes the tokens that end the text. */
    public static final TokenRules ENDLESS = new TokenRules(true, 0, Set.of(), Set.of());

    public TokenRules {
        stopTokens = Set.copyOf(stopTokens);
        allowed = Set.copyOf(allowed);
    }

    /** Whether some token is excluded at some position. */
    boolean excludesTokens() {
        return ignoreEnds || minTokens > 0 || !allowed.isEmpty();
    }

    /** Sets the logits of tokens that are not allowed to negative infinity. */
    void mask(float[] logits) {
        if (allowed.isEmpty()) {
            return;
        }
        float[] kept = new float[allowed.size()];
        int[] tokens = allowed.stream().mapToInt(Integer::intValue).toArray();
        for (int i = 0; i < tokens.length; i++) {
            kept[i] = logits[tokens[i]];
        }
        Arrays.fill(logits, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < tokens.length; i++) {
            logits[tokens[i]] = kept[i];
        }
    }

    /**
     * Whether the token must not be sampled because the completion would end.
     *
     * @param made number of tokens sampled before
     */
    boolean endsTooEarly(int token, int made, Vocabulary vocabulary) {
        boolean early = made < minTokens;
        return ((ignoreEnds || early) && vocabulary.ends(token)) || (early && stopTokens.contains(token));
    }
}
