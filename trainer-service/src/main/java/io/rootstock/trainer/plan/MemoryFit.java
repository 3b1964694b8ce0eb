package io.rootstock.trainer.plan;

import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Recompute;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Trades speed for memory without changing the updates by more than rounding: checkpoints without a copy, smaller
 * micro-batches, recomputed activations.
 */
public final class MemoryFit {
    /** Micro-batches are not made smaller than this to save memory: weights weigh more then. */
    static final int LEAST_TOKENS = 128;

    /** Share of the machine's memory that a run may need by estimate: services and the page cache need some too. */
    private static final double USABLE = 0.85;

    private MemoryFit() {}

    /**
     * The fastest of the choices whose estimated memory fits, or the smallest where none does. What is asked for stays.
     *
     * @param memoryOf estimated peak bytes
     * @param memoryBytes memory of the machine; 0: unknown, everything fits
     */
    static Hyperparameters fit(
            Hyperparameters resolved,
            Hyperparameters asked,
            ToLongFunction<Hyperparameters> memoryOf,
            long memoryBytes) {
        Hyperparameters last = resolved;
        for (Hyperparameters choice : choices(resolved, asked)) {
            last = choice;
            if (memoryBytes == 0 || memoryOf.applyAsLong(choice) <= USABLE * memoryBytes) {
                return choice;
            }
        }
        return last;
    }

    /** With less memory than a run that ran out of it; empty where nothing is left to save. */
    public static Optional<Hyperparameters> less(Hyperparameters failed) {
        Hyperparameters.Builder less = failed.toBuilder();
        boolean smaller = failed.getMicroBatchTokens() > LEAST_TOKENS;
        if (smaller) {
            less.setMicroBatchTokens(Math.max(LEAST_TOKENS, failed.getMicroBatchTokens() / 2));
        }
        if (failed.getBackgroundCheckpoints()) {
            return Optional.of(less.setBackgroundCheckpoints(false).build());
        }
        boolean recomputes = failed.getRecompute() == Recompute.RECOMPUTE_BLOCK;
        return smaller || !recomputes
                ? Optional.of(less.setRecompute(Recompute.RECOMPUTE_BLOCK).build())
                : Optional.empty();
    }

    /** What {@link #less} changed, for people. */
    public static String describe(Hyperparameters before, Hyperparameters after) {
        List<String> changes = new ArrayList<>();
        if (before.getMicroBatchTokens() != after.getMicroBatchTokens()) {
            changes.add("micro_batch_tokens " + after.getMicroBatchTokens() + " (was " + before.getMicroBatchTokens()
                    + ")");
        }
        if (before.getBackgroundCheckpoints() && !after.getBackgroundCheckpoints()) {
            changes.add("checkpoints written without a copy in memory");
        }
        if (before.getRecompute() != after.getRecompute()) {
            changes.add("recompute block");
        }
        return String.join(", ", changes);
    }

    private static List<Hyperparameters> choices(Hyperparameters resolved, Hyperparameters asked) {
        List<Hyperparameters> choices = new ArrayList<>(List.of(resolved));
        Hyperparameters.Builder choice = resolved.toBuilder();
        if (!asked.hasBackgroundCheckpoints()) {
            choices.add(choice.setBackgroundCheckpoints(false).build());
        }
        if (!asked.hasMicroBatchTokens()) {
            while (choice.getMicroBatchTokens() >= 4 * LEAST_TOKENS) {
                choices.add(choice.setMicroBatchTokens(choice.getMicroBatchTokens() / 2)
                        .build());
            }
        }
        if (asked.getRecompute() == Recompute.RECOMPUTE_UNSPECIFIED) {
            choices.add(choice.setRecompute(Recompute.RECOMPUTE_ATTENTION).build());
            choices.add(choice.setRecompute(Recompute.RECOMPUTE_BLOCK).build());
        }
        return choices;
    }
}
