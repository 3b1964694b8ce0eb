package io.rootstock.inference.engine;

import java.util.Arrays;
import java.util.Optional;

/**
 * One sequence of the context and what its cells hold. A slot writes to it while it runs; afterwards it stays as a prefix
 * that another request may begin with, until its place is needed. Engine thread only.
 */
final class Sequence {
    private final int id;
    private final int[] tokens;
    private int length;
    private Optional<AdapterUse> adapter = Optional.empty();
    private long lastUse;
    private Slot slot;

    Sequence(int id, int contextLength) {
        this.id = id;
        this.tokens = new int[contextLength];
    }

    int id() {
        return id;
    }

    /** Tokens in its cells. */
    int length() {
        return length;
    }

    int[] tokens() {
        return tokens;
    }

    /** The adapter that its cells were made with: they are of no use to another. */
    Optional<AdapterUse> adapter() {
        return adapter;
    }

    long lastUse() {
        return lastUse;
    }

    /** The slot that writes to it; null: none. */
    Slot slot() {
        return slot;
    }

    void take(Slot owner, Optional<AdapterUse> use) {
        slot = owner;
        adapter = use;
    }

    void leave(long now) {
        slot = null;
        lastUse = now;
    }

    /** Its cells hold this many of its tokens now. */
    void length(int count) {
        length = count;
    }

    /** Its cells hold the beginning of these tokens now. */
    void hold(int[] held, int count, Optional<AdapterUse> use) {
        System.arraycopy(held, 0, tokens, 0, count);
        length = count;
        adapter = use;
    }

    /** Tokens that its cells have in common with the beginning of a prompt, at most so many. */
    int common(int[] prompt, Optional<AdapterUse> use, int most) {
        return adapter.equals(use) ? common(tokens, length, prompt, most) : 0;
    }

    static int common(int[] held, int length, int[] prompt, int most) {
        int end = Math.min(Math.min(length, prompt.length), most);
        int difference = Arrays.mismatch(held, 0, end, prompt, 0, end);
        return difference < 0 ? end : difference;
    }
}
