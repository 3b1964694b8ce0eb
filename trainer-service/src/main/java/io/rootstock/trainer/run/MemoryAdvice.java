package io.rootstock.trainer.run;

import io.rootstock.trainer.v1.RunResolved;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Says of a worker that died for want of memory that it did, and what would need less. */
final class MemoryAdvice {
    /** Exit code that the JVM gives a process ended by SIGKILL, as the kernel ends one when memory runs out. */
    private static final int KILLED = 128 + 9;

    private static final double MEGABYTE = 1e6;
    /** As libtorch, the JVM, C++, OpenBLAS and CUDA say it. */
    private static final List<String> NATIVE = List.of(
            "allocate memory",
            "insufficient memory",
            "std::bad_alloc",
            "failed to allocate",
            "Memory allocation still failed",
            "CUDA out of memory");

    private MemoryAdvice() {}

    /**
     * The advice, if memory was the reason or may have been.
     *
     * @param words all that the worker said: a JVM without memory says so first, and then where its reports are
     * @param exitCode its exit code, where this service started it
     * @param resolved what the run is
     */
    static Optional<String> of(String words, Optional<Integer> exitCode, Optional<RunResolved> resolved) {
        if (words.contains("OutOfMemoryError: Java heap space")) {
            return Optional.of(
                    "out of memory: its Java heap was too small for the data; raise ROOTSTOCK_TRAINER_WORKER_HEAP");
        }
        boolean refused =
                Stream.concat(NATIVE.stream(), Stream.of("OutOfMemoryError")).anyMatch(words::contains);
        if (!refused && !exitCode.equals(Optional.of(KILLED))) {
            return Optional.empty();
        }
        String reason = refused
                ? "it was given no more memory"
                : "it was killed (SIGKILL), as happens when the memory of the machine or its container runs out";
        String need = resolved.map(run ->
                        "; by estimate it needs " + Math.round(run.getEstimate().getMemoryBytes() / MEGABYTE) + " MB")
                .orElse("");
        return Optional.of("out of memory: " + reason + need
                + ". Give it more, or raise gradient_accumulation_steps (--accumulation), which gives the same updates"
                + " by smaller micro-batches, turn on recompute (--recompute block), lower batch_rows (--batch-rows), or"
                + " take a smaller model or context");
    }
}
