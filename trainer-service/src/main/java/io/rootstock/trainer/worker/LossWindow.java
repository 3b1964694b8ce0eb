package io.rootstock.trainer.worker;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Mean training loss per token of the last {@link #STEPS} steps, of fewer after a start or a resumption. It does not depend
 * on the times of reports, so that equal runs report equal values.
 */
final class LossWindow {
    static final int STEPS = 10;

    private final Deque<Step> steps = new ArrayDeque<>();

    private record Step(double nats, long tokens) {}

    /**
     * Adds a step.
     *
     * @param nats sum of the losses of its tokens
     * @param tokens number of tokens in the loss
     */
    void add(double nats, long tokens) {
        if (steps.size() == STEPS) {
            steps.removeFirst();
        }
        steps.addLast(new Step(nats, tokens));
    }

    /** Whether no token of the window is in the loss. */
    boolean isEmpty() {
        return tokens() == 0;
    }

    /** Nats per token. */
    double mean() {
        return steps.stream().mapToDouble(Step::nats).sum() / tokens();
    }

    private long tokens() {
        return steps.stream().mapToLong(Step::tokens).sum();
    }
}
