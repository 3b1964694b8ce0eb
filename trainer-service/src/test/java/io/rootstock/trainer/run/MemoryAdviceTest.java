package io.rootstock.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.trainer.v1.Estimate;
import io.rootstock.trainer.v1.RunResolved;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The words are those with which workers died under a limit. */
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
    void wordsOfAnAllocatorAreToldWithWhatNeedsLess(String words) {
        assertThat(MemoryAdvice.of(words, Optional.of(1), RUN))
                .hasValueSatisfying(advice -> assertThat(advice)
                        .startsWith("out of memory: it was given no more memory; by estimate it needs 1234 MB")
                        .contains("--accumulation", "--recompute block", "--batch-rows"));
    }

    @Test
    void aKillWithoutWordsMayHaveBeenTheKernel() {
        assertThat(MemoryAdvice.of("", Optional.of(137), Optional.empty()))
                .hasValueSatisfying(advice -> assertThat(advice).startsWith("out of memory: it was killed (SIGKILL)"));
    }

    @Test
    void aHeapThatIsTooSmallIsTheServicesSetting() {
        assertThat(MemoryAdvice.of(
                        "Terminating due to java.lang.OutOfMemoryError: Java heap space", Optional.of(3), RUN))
                .hasValueSatisfying(advice -> assertThat(advice)
                        .startsWith("out of memory: ")
                        .contains("ROOTSTOCK_TRAINER_WORKER_HEAP")
                        .doesNotContain("--recompute"));
    }

    @Test
    void otherDeathsHaveNothingToDoWithMemory() {
        assertThat(MemoryAdvice.of("died of java.lang.IllegalStateException: no task", Optional.of(1), RUN))
                .isEmpty();
        assertThat(MemoryAdvice.of("", Optional.empty(), RUN)).isEmpty();
    }
}
