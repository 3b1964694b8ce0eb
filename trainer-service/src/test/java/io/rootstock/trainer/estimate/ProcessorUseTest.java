package io.rootstock.trainer.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessorUseTest {
    @Test
    void readsTheKernelsCounters() {
        ProcessorUse use = ProcessorUse.parse(
                List.of(
                        "cpu  1000 200 300 40000 50 10 20 30 5 5",
                        "cpu0 500 100 150 20000 25 5 10 15 2 2",
                        "cpu1 500 100 150 20000 25 5 10 15 3 3",
                        "intr 12345"),
                7,
                1.5);
        // user, system, irq, softirq and steal; hundredths of a second
        assertThat(use).isEqualTo(new ProcessorUse(7, 2, 13.6, 2.0, 1.5));
    }

    @Test
    void anIdleMachineIsFree() {
        ProcessorUse idle = new ProcessorUse(0, 4, 10, 1, 2);
        assertThat(idle.freeShare(new ProcessorUse(1_000_000_000, 4, 10, 1, 2), 4, 0))
                .isEqualTo(1.0);
    }

    @Test
    void otherProcessesTakeTheirShare() {
        ProcessorUse before = new ProcessorUse(0, 4, 10, 1, 2);
        ProcessorUse after = new ProcessorUse(1_000_000_000, 4, 13, 1, 2);
        assertThat(before.freeShare(after, 4, 3)).isEqualTo(0.25);
        assertThat(before.freeShare(after, 2, 3)).isEqualTo(0.5);
        assertThat(before.freeShare(after, 1, 3)).isEqualTo(1.0);
        assertThat(before.freeShare(after, 4, 5)).isZero();
    }

    @Test
    void ownWorkIsNotThatOfOthers() {
        ProcessorUse before = ProcessorUse.now();
        long end = System.nanoTime() + 300_000_000L;
        long turns = 0;
        while (System.nanoTime() < end) {
            turns++;
        }
        assertThat(turns).isPositive();
        assertThat(before.freeShareSince(1)).isBetween(0.0, 1.0);
        assertThat(ProcessorUse.now().own() - before.own()).isGreaterThan(0.02);
    }
}
