package io.rootstock.inference.engine.sampling;

import io.rootstock.llama.LlamaModel;

/** Caches the bytes and flags of tokens: a call of llama.cpp costs microseconds in a native image. Not thread-safe. */
public final class Vocabulary {
    private final LlamaModel model;
    private final byte[][] pieces;
    /** 0: unknown, 1: no, 2: yes. */
    private final byte[] ends;

    public Vocabulary(LlamaModel model) {
        this.model = model;
        this.pieces = new byte[model.vocabularySize()][];
        this.ends = new byte[model.vocabularySize()];
    }

    /** The token's bytes; do not modify them. */
    public byte[] piece(int token) {
        byte[] piece = pieces[token];
        if (piece == null) {
            piece = model.piece(token);
            pieces[token] = piece;
        }
        return piece;
    }

    /** Text of a special token, such as {@code <|im_end|>}; empty for others. */
    String special(int token) {
        return piece(token).length == 0 ? model.text(token) : "";
    }

    /** Whether generation ends at the token. */
    public boolean ends(int token) {
        if (ends[token] == 0) {
            ends[token] = (byte) (model.endsGeneration(token) ? 2 : 1);
        }
        return ends[token] == 2;
    }
}
