package io.rootstock.inference.engine;

import java.util.List;
import java.util.Optional;

/** One text to read and perhaps to go on with, from submission to its end. What it makes of logits is its kind's own. */
abstract sealed class Job permits TextJob, ScoreJob {
    /** The text is over: nothing more is to be decoded. */
    static final int OVER = -1;

    private final int[] prompt;
    private final Optional<AdapterUse> adapter;
    private final Family family;
    private final long arrival = System.nanoTime();
    private long order;
    private volatile boolean left;

    Job(int[] prompt, Optional<AdapterUse> adapter, Family family) {
        this.prompt = prompt;
        this.adapter = adapter;
        this.family = family;
    }

    /** Tokens to read. */
    final int[] prompt() {
        return prompt;
    }

    final Optional<AdapterUse> adapter() {
        return adapter;
    }

    final Family family() {
        return family;
    }

    /** Nanoseconds since it arrived. */
    final long age() {
        return System.nanoTime() - arrival;
    }

    /** Its place among those of its priority. */
    final long order() {
        return order;
    }

    final void order(long number) {
        order = number;
    }

    /** Whether it has left the engine. */
    final boolean left() {
        return left;
    }

    /** Frees what it holds; after the last call of anything else. */
    final void leave() {
        if (!left) {
            left = true;
            free();
        }
    }

    abstract String requestId();

    abstract int priority();

    /** Whether nobody waits for it. */
    final boolean inBackground() {
        return priority() == GenerationRequest.BACKGROUND;
    }

    abstract long queueTimeoutNanoseconds();

    abstract boolean reusesPrefix();

    /** From this place of the prompt on the logits are wanted. */
    abstract int outputsFrom();

    abstract boolean cancelled();

    abstract boolean aborted();

    abstract void abort();

    /** Ends it with an error, unless it has ended. */
    abstract void fail(RuntimeException why);

    abstract boolean ended();

    /** Whether its reader has no room for more. */
    abstract boolean blocked();

    /** It starts, with so many tokens of its prompt from memory. */
    abstract void started(int cached);

    /** Takes the logits after a place of the prompt that is not its last. */
    abstract void read(int place, float[] logits);

    /** Takes the logits after the last token; gives the next to decode, or {@link #OVER}. */
    abstract int next(float[] logits, boolean full);

    /** Log-probabilities of the prompt, as far as they were read. */
    abstract List<TokenLogprob> promptLogprobs();

    abstract void free();
}
