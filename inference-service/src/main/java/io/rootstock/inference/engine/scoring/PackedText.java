package io.rootstock.inference.engine.scoring;

import io.rootstock.inference.engine.scoring.ScoredContinuation.ScoredToken;

/**
 * A text of a pack.
 *
 * @param job the request that it belongs to
 * @param index its index in the request
 * @param tokens all its tokens; the last one is not decoded, because its log-probability follows from the logits before it
 * @param scored its scored tokens, filled while the pack is decoded
 * @param sequence the sequence in which it is decoded
 */
@SuppressWarnings("ArrayRecordComponent") // records are never compared
record PackedText(ScoringJob job, int index, int[] tokens, ScoredToken[] scored, int sequence) {
    PackedText(ScoringJob job, int index, int[] tokens, int scored, int sequence) {
        this(job, index, tokens, new ScoredToken[scored], sequence);
    }

    /** First position whose logits are needed. */
    int outputsFrom() {
        return tokens.length - scored.length - 1;
    }

    /** Records the score of the token at a place of the text. */
    void score(int place, ScoredToken token) {
        scored[place - (tokens.length - scored.length)] = token;
    }
}
