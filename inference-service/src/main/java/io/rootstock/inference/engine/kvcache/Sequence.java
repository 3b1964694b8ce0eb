package io.rootstock.inference.engine.kvcache;

import io.rootstock.inference.engine.adapter.AdapterUse;
import java.util.Arrays;
import java.util.Optional;

/**
 * One sequence of the context, with the tokens in its cells. A running job writes to it; afterwards its cells stay as
 * a cached prefix for other requests until the sequence is needed. Engine thread only.
 */
public final class Sequence {
    private final int id;
    private final int[] tokens;
    private int length;
    private Optional<AdapterUse> adapter = Optional.empty();
    private long lastUse;
    private Owner owner;

    Sequence(int id, int contextLength) {
        this.id = id;
        this.tokens = new int[contextLength];
    }

    public int id() {
        return id;
    }

    /** Number of tokens in its cells. */
    public int length() {
        return length;
    }

    public int[] tokens() {
        return tokens;
    }

    /** The adapter that its cells were computed with; they cannot be reused with another one. */
    Optional<AdapterUse> adapter() {
        return adapter;
    }

    long lastUse() {
        return lastUse;
    }

    /** A running job, which writes to one sequence. */
    @FunctionalInterface
    public interface Owner {
        /** Continue in another sequence, which holds the same tokens. */
        void move(Sequence to);
    }

    /** Whether a running job writes to it. */
    boolean running() {
        return owner != null;
    }

    /** The running job that writes to it; null if none does. */
    Owner owner() {
        return owner;
    }

    /** Assigns it to a running job. */
    public void take(Owner newOwner, Optional<AdapterUse> use) {
        owner = newOwner;
        adapter = use;
    }

    void leave(long now) {
        owner = null;
        lastUse = now;
    }

    /** Sets the number of tokens in its cells. */
    public void length(int count) {
        length = count;
    }

    /** Records that its cells hold the first {@code count} of these tokens. */
    void hold(int[] held, int count, Optional<AdapterUse> use) {
        System.arraycopy(held, 0, tokens, 0, count);
        length = count;
        adapter = use;
    }

    /** Length of the common prefix of its cells and a prompt, at most {@code most} tokens. */
    int common(int[] prompt, Optional<AdapterUse> use, int most) {
        return adapter.equals(use) ? common(tokens, length, prompt, most) : 0;
    }

    static int common(int[] held, int length, int[] prompt, int most) {
        int end = Math.min(Math.min(length, prompt.length), most);
        int difference = Arrays.mismatch(held, 0, end, prompt, 0, end);
        return difference < 0 ? end : difference;
    }
}
