package io.rootstock.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.trainer.v1.Estimate;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.RunResolved;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The messages are those of workers that ran out of memory under a limit. */
class MemoryAdviceTest {
    private static final Optional<RunResolved> RUN = Optional.of(RunResolved.newBuilder()
            .setEstimate(Estimate.newBuilder().setMemoryBytes(1_234_000_000L))
            .build());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "died of io.rootstock.torch.TorchException: aoti_torch_empty_strided: [enforce fail at alloc_cpu.cpp:127]"
                        + " err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 2147483648 bytes.",
                "# There is insufficient memory for the Java Runtime Environment to continue.\n# Native memory allocation"
                        + " (malloc) failed to allocate 1048576 bytes.\n#\n# Compiler replay data is saved as:\n# replay.log",
                "OpenBLAS error: Memory allocation still failed after 10 retries, giving up.",
                "java.lang.OutOfMemoryError: unable to create native thread"
            })
    void allocatorErrorsAreRecognised(String output) {
        assertThat(MemoryAdvice.kind(output, Optional.of(1), false)).hasValue(MemoryAdvice.Kind.NATIVE);
        assertThat(MemoryAdvice.reason(MemoryAdvice.Kind.NATIVE, output, RUN))
                .isEqualTo(
                        "out of memory: an allocation failed, or the kernel killed it; by estimate it needs 1234 MB");
    }

    @Test
    void killsByTheKernelAndByTheUserAreDistinguished() {
        assertThat(MemoryAdvice.kind("", Optional.of(137), true)).hasValue(MemoryAdvice.Kind.NATIVE);
        assertThat(MemoryAdvice.kind("", Optional.of(137), false)).hasValue(MemoryAdvice.Kind.KILLED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Terminating due to java.lang.OutOfMemoryError: Java heap space",
                "died of java.lang.OutOfMemoryError: Cannot reserve 538060800 bytes of direct buffer memory (allocated:"
                        + " 8192, limit: 536870912)"
            })
    void javaMemoryErrorsNameTheHeapSetting(String output) {
        assertThat(MemoryAdvice.kind(output, Optional.of(3), false)).hasValue(MemoryAdvice.Kind.JAVA);
        assertThat(MemoryAdvice.reason(MemoryAdvice.Kind.JAVA, output, RUN))
                .contains("ROOTSTOCK_TRAINER_WORKER_HEAP")
                .doesNotContain("recompute");
    }

    @Test
    void otherFailuresAreNotOutOfMemory() {
        assertThat(MemoryAdvice.kind("died of java.lang.IllegalStateException: no task", Optional.of(1), true))
                .isEmpty();
        assertThat(MemoryAdvice.kind("", Optional.empty(), true)).isEmpty();
    }

    @Test
    void eachAttemptNeedsLessMemoryUntilNoSettingIsLeft() {
        RunResolved run = RunResolved.newBuilder()
                .setHyperparameters(
                        Hyperparameters.newBuilder().setMicroBatchTokens(500).setBackgroundCheckpoints(true))
                .build();
        List<String> changes = new ArrayList<>();
        for (Optional<RunResolved> next = MemoryAdvice.less(run); next.isPresent(); next = MemoryAdvice.less(run)) {
            changes.add(MemoryAdvice.changes(run, next.get()));
            run = next.get();
        }
        assertThat(changes)
                .containsExactly(
                        "micro_batch_tokens 250 (was 500), checkpoints written without a copy in memory",
                        "micro_batch_tokens 128 (was 250), recompute block");
    }
}
