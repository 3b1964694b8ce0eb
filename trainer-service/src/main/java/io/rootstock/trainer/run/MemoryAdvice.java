package io.rootstock.trainer.run;

import io.rootstock.trainer.plan.MemoryFit;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.RunResolved;
import java.util.List;
import java.util.Optional;

/** Recognises a worker that died of too little memory, and says what needs less. */
final class MemoryAdvice {
    /** Exit code that the JVM gives a process ended by SIGKILL, as the kernel ends one when memory runs out. */
    private static final int KILLED = 128 + 9;

    private static final double MEGABYTE = 1e6;
    /** Words of libtorch, the JVM, C++, OpenBLAS and CUDA. */
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

    /** How a worker ran out of memory. */
    enum Kind {
        /** Out of the JVM's own heap or direct buffers, which the run's settings do not change. */
        JAVA,
        /** An allocation was refused, or the kernel killed the process for the memory of machine or container. */
        NATIVE,
        /** Killed, perhaps for memory, perhaps by a person: the kernel does not say. */
        KILLED
    }

    /**
     * How the worker ran out of memory; empty if it did not.
     *
     * @param words all that the worker said: a JVM without memory says so first, and then where its reports are
     * @param exitCode its exit code, where this service started it
     * @param kernelKilled whether the kernel killed a process for memory while it ran
     */
    static Optional<Kind> kind(String words, Optional<Integer> exitCode, boolean kernelKilled) {
        if (words.contains("OutOfMemoryError: Java heap space") || words.contains(DIRECT_BUFFERS)) {
            return Optional.of(Kind.JAVA);
        }
        if (NATIVE.stream().anyMatch(words::contains)) {
            return Optional.of(Kind.NATIVE);
        }
        if (exitCode.equals(Optional.of(KILLED))) {
            return Optional.of(kernelKilled ? Kind.NATIVE : Kind.KILLED);
        }
        return Optional.empty();
    }

    /** What happened, for people. */
    static String reason(Kind kind, String words, Optional<RunResolved> resolved) {
        String need = resolved.map(run ->
                        "; by estimate it needs " + Math.round(run.getEstimate().getMemoryBytes() / MEGABYTE) + " MB")
                .orElse("");
        return switch (kind) {
            case JAVA ->
                "out of memory: its " + (words.contains(DIRECT_BUFFERS) ? "direct buffers" : "Java heap")
                        + " had no room; hint: raise ROOTSTOCK_TRAINER_WORKER_HEAP";
            case NATIVE -> "out of memory: an allocation failed, or the kernel killed it" + need;
            case KILLED ->
                "out of memory, perhaps: it was killed (SIGKILL), as happens when the memory of the machine or its"
                        + " container runs out" + need;
        };
    }

    /** What a person can do. */
    static String hint() {
        return "hint: give it more memory, or lower micro_batch_tokens (--micro-batch-tokens), which gives the same"
                + " updates, turn on recompute (--recompute block), train adapters (--method lora), or take a smaller"
                + " model or context";
    }

    /** The run with less memory, for the next attempt; empty where nothing is left to save. */
    static Optional<RunResolved> less(RunResolved failed) {
        return MemoryFit.less(failed.getHyperparameters())
                .map(values -> failed.toBuilder().setHyperparameters(values).build());
    }

    /** What {@link #less} changed. */
    static String changes(RunResolved before, RunResolved after) {
        Hyperparameters values = before.getHyperparameters();
        return MemoryFit.describe(values, after.getHyperparameters());
    }
}
