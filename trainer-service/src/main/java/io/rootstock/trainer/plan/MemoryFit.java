package io.rootstock.trainer.plan;

import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Recompute;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Reduces memory at the cost of speed, without changing the updates beyond rounding: disables background checkpoints,
 * halves the micro-batches, and recomputes activations.
 */
public final class MemoryFit {
    /** Smallest micro-batch chosen to save memory: below it, weights dominate the memory. */
    static final int MIN_TOKENS = 128;

    /** Share of the machine's memory that a run's estimate may use; the rest is for the services and the page cache. */
    private static final double USABLE = 0.85;

    private MemoryFit() {}

    /**
     * Returns the fastest settings whose estimated memory fits, or those with the least memory if none fit. Explicit
     * settings are kept.
     *
     * @param asked explicit settings
     * @param memoryOf estimates the peak memory in bytes
     * @param memoryBytes memory of the machine; 0 if unknown, then all settings fit
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

    /** Returns settings that need less memory than those of a run that ran out of memory; empty if there are none. */
    public static Optional<Hyperparameters> less(Hyperparameters failed) {
        Hyperparameters.Builder less = failed.toBuilder();
        boolean smaller = failed.getMicroBatchTokens() > MIN_TOKENS;
        if (smaller) {
            less.setMicroBatchTokens(Math.max(MIN_TOKENS, failed.getMicroBatchTokens() / 2));
        }
        if (failed.getBackgroundCheckpoints()) {
            return Optional.of(less.setBackgroundCheckpoints(false).build());
        }
        boolean recomputes = failed.getRecompute() == Recompute.RECOMPUTE_BLOCK;
        return smaller || !recomputes
                ? Optional.of(less.setRecompute(Recompute.RECOMPUTE_BLOCK).build())
                : Optional.empty();
    }

    /** Describes the changes made by {@link #less}. */
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
            while (choice.getMicroBatchTokens() >= 4 * MIN_TOKENS) {
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
