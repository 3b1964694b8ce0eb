package io.rootstock.inference.engine;

import java.util.List;

/**
 * Texts of one request that begin alike. One of them reads the beginning; the others wait for it and then start from a copy.
 * Engine thread only.
 */
final class Family {
    private final int shared;
    private Job leader;
    private Sequence sequence;
    private boolean ready;
    private int cached;
    private List<TokenLogprob> promptLogprobs = List.of();

    /** @param shared how many tokens they have in common */
    Family(int shared) {
        this.shared = shared;
    }

    /** Whether the job may start; the first that asks leads. */
    boolean admits(Job job) {
        if (leader == null || (!ready && leader != job && leader.left())) {
            leader = job;
        }
        return ready || leader == job;
    }

    boolean leads(Job job) {
        return leader == job;
    }

    /** The leader starts, with so many tokens from memory. */
    void starts(Job job, Sequence place, int tokens) {
        if (leader == job && !ready) {
            sequence = place;
            cached = tokens;
        }
    }

    /** The leader has read so far. */
    void reads(Job job, int length) {
        if (leader == job && !ready && length >= shared) {
            ready = true;
            promptLogprobs = job.promptLogprobs();
        }
    }

    boolean ready() {
        return ready;
    }

    /** Where the beginning was read. */
    Sequence sequence() {
        return sequence;
    }

    /** Tokens of the beginning that came from earlier requests. */
    int cached() {
        return cached;
    }

    List<TokenLogprob> promptLogprobs() {
        return promptLogprobs;
    }
}
