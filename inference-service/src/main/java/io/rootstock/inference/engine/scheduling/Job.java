package io.rootstock.inference.engine.scheduling;

import io.rootstock.inference.engine.adapter.AdapterUse;
import io.rootstock.inference.engine.sampling.TokenLogprob;
import java.util.List;
import java.util.Optional;

/** One prompt to process, and possibly to continue, from submission to its end. Subclasses use the logits. */
abstract sealed class Job permits CompletionJob, ScoreJob {
    /** Returned by {@link #next} at the end: no more tokens are to be decoded. */
    static final int OVER = -1;

    private final int[] prompt;
    private final Optional<AdapterUse> adapter;
    private final SharedPrefixGroup group;
    private final long arrival = System.nanoTime();
    private long order;
    private volatile boolean left;

    Job(int[] prompt, Optional<AdapterUse> adapter, SharedPrefixGroup group) {
        this.prompt = prompt;
        this.adapter = adapter;
        this.group = group;
    }

    final int[] prompt() {
        return prompt;
    }

    final Optional<AdapterUse> adapter() {
        return adapter;
    }

    final SharedPrefixGroup group() {
        return group;
    }

    /** Nanoseconds since the request arrived. */
    final long age() {
        return System.nanoTime() - arrival;
    }

    /** Order of arrival; decides among jobs of equal priority. */
    final long order() {
        return order;
    }

    final void order(long number) {
        order = number;
    }

    /** Whether the job has left the engine. */
    final boolean left() {
        return left;
    }

    /** Removes the job from the engine and frees its resources; call it last. */
    final void leave() {
        if (!left) {
            left = true;
            free();
        }
    }

    abstract String requestId();

    abstract int priority();

    /** Whether no client waits for the result. */
    final boolean inBackground() {
        return priority() == GenerationRequest.BACKGROUND;
    }

    abstract long queueTimeoutNanoseconds();

    abstract boolean reusesPrefix();

    /** Whether the job ends with its prompt and generates no tokens. */
    abstract boolean onlyReads();

    /** First prompt position whose logits are needed. */
    abstract int outputsFrom();

    abstract boolean cancelled();

    abstract boolean aborted();

    abstract void abort();

    /** Ends the job with an error, unless it has ended. */
    abstract void fail(RuntimeException why);

    abstract boolean ended();

    /** Whether the reader has no room for more output. */
    abstract boolean blocked();

    /** The job starts, with {@code cached} prompt tokens from the prefix cache. */
    abstract void started(int cached);

    /** Receives the logits of a prompt position that is not the last. */
    abstract void read(int place, float[] logits);

    /** Receives the logits after the last token; returns the next token to decode, or {@link #OVER}. */
    abstract int next(float[] logits, boolean full);

    /** Log-probabilities of the prompt tokens that were processed. */
    abstract List<TokenLogprob> promptLogprobs();

    abstract void free();
}
