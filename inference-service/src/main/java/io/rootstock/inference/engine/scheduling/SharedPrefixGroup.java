package io.rootstock.inference.engine.scheduling;

import io.rootstock.inference.engine.kvcache.Sequence;
import io.rootstock.inference.engine.sampling.TokenLogprob;
import java.util.List;

/**
 * Completions of one request with a common prefix. One of them, the leader, processes the prefix; the others wait for
 * it and start from a copy of its cells. Engine thread only.
 */
final class SharedPrefixGroup {
    private final int shared;
    private CompletionJob leader;
    private Sequence sequence;
    private boolean ready;
    private int cached;
    private List<TokenLogprob> promptLogprobs = List.of();

    /** @param shared length of the common prefix in tokens */
    SharedPrefixGroup(int shared) {
        this.shared = shared;
    }

    /** Whether the job may start; the first job that calls this becomes the leader. */
    boolean admits(CompletionJob job) {
        if (leader == null || (!ready && leader != job && leader.left())) {
            leader = job;
        }
        return ready || leader == job;
    }

    boolean leads(CompletionJob job) {
        return leader == job;
    }

    /** Records that the leader starts in a sequence, with {@code tokens} prompt tokens from the prefix cache. */
    void starts(CompletionJob job, Sequence place, int tokens) {
        if (leader == job && !ready) {
            sequence = place;
            cached = tokens;
        }
    }

    /** Records that the leader has processed {@code length} tokens. */
    void reads(CompletionJob job, int length) {
        if (leader == job && !ready && length >= shared) {
            ready = true;
            promptLogprobs = job.promptLogprobs();
        }
    }

    boolean ready() {
        return ready;
    }

    /** The sequence in which the leader processed the prefix. */
    Sequence sequence() {
        return sequence;
    }

    /** Prefix tokens that came from the prefix cache. */
    int cached() {
        return cached;
    }

    List<TokenLogprob> promptLogprobs() {
        return promptLogprobs;
    }
}
