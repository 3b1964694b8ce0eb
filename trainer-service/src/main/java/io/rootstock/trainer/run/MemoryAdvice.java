package io.rootstock.trainer.run;

import io.rootstock.trainer.plan.MemoryFit;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.RunResolved;
import java.util.List;
import java.util.Optional;

/** Detects that a worker ran out of memory and suggests settings that need less. */
final class MemoryAdvice {
    /** Exit value of {@link Process} after SIGKILL, which the OOM killer sends. */
    private static final int KILLED = 128 + 9;

    private static final double MEGABYTE = 1e6;
    /** Out-of-memory messages of libtorch, the JVM, C++, OpenBLAS and CUDA. */
    private static final List<String> NATIVE = List.of(
            "allocate memory",
            "insufficient memory",
            "std::bad_alloc",
            "failed to allocate",
            "Memory allocation still failed",
            "CUDA out of memory",
            "OutOfMemoryError");

    private static final String DIRECT_BUFFERS = "direct buffer memory";

    private MemoryAdvice() {}

    /** Cause of an out-of-memory failure. */
    enum Kind {
        /** The Java heap or direct buffers are exhausted; the run's settings do not affect their size. */
        JAVA,
        /**
         * A native allocation failed, or the kernel killed the process because the machine or its container ran out of
         * memory.
         */
        NATIVE,
        /** Killed by SIGKILL, by the kernel or by a user: the kernel's statistics do not tell. */
        KILLED
    }

    /**
     * Returns the cause of the out-of-memory failure; empty if the worker failed for another reason.
     *
     * @param output complete output of the worker; a JVM prints an out-of-memory error first and the location of its
     *     crash report last
     * @param exitCode the worker's exit code, if this service started it
     * @param kernelKilled whether the kernel killed a process for lack of memory while the worker ran
     */
    static Optional<Kind> kind(String output, Optional<Integer> exitCode, boolean kernelKilled) {
        if (output.contains("OutOfMemoryError: Java heap space") || output.contains(DIRECT_BUFFERS)) {
            return Optional.of(Kind.JAVA);
        }
        if (NATIVE.stream().anyMatch(output::contains)) {
            return Optional.of(Kind.NATIVE);
        }
        if (exitCode.equals(Optional.of(KILLED))) {
            return Optional.of(kernelKilled ? Kind.NATIVE : Kind.KILLED);
        }
        return Optional.empty();
    }

    /** Describes the failure. */
    static String reason(Kind kind, String output, Optional<RunResolved> resolved) {
        String need = resolved.map(run ->
                        "; by estimate it needs " + Math.round(run.getEstimate().getMemoryBytes() / MEGABYTE) + " MB")
                .orElse("");
        return switch (kind) {
            case JAVA ->
                "out of memory: its " + (output.contains(DIRECT_BUFFERS) ? "direct buffers" : "Java heap")
                        + " had no room; hint: raise ROOTSTOCK_TRAINER_WORKER_HEAP";
            case NATIVE -> "out of memory: an allocation failed, or the kernel killed it" + need;
            case KILLED ->
                "out of memory, perhaps: it was killed (SIGKILL), as happens when the memory of the machine or its"
                        + " container runs out" + need;
        };
    }

    /** Suggests settings that need less memory. */
    static String hint() {
        return "hint: give it more memory, or lower micro_batch_tokens (--micro-batch-tokens), which gives the same"
                + " updates, turn on recompute (--recompute block), train adapters (--method lora), or take a smaller"
                + " model or context";
    }

    /** Returns settings with less memory for the next attempt; empty if no setting reduces memory further. */
    static Optional<RunResolved> less(RunResolved failed) {
        return MemoryFit.less(failed.getHyperparameters())
                .map(values -> failed.toBuilder().setHyperparameters(values).build());
    }

    /** Describes the changes made by {@link #less}. */
    static String changes(RunResolved before, RunResolved after) {
        Hyperparameters values = before.getHyperparameters();
        return MemoryFit.describe(values, after.getHyperparameters());
    }
}
