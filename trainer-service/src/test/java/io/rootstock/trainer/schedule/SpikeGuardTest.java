package io.rootstock.trainer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SpikeGuardTest {
    @Test
    void spikesAreCountedAndOtherLossesAccepted() {
        SpikeGuard guard = new SpikeGuard(6, SpikeGuard.State.NEW);
        falling(guard, 200);
        assertThat(guard.ceiling()).isBetween(guard.state().mean(), 3.0);
        assertThat(guard.state().skipped()).isZero();
        double mean = guard.state().mean();
        guard.saw(9);
        assertThat(guard.state().skipped()).isEqualTo(1);
        assertThat(guard.state().mean()).isEqualTo(mean);
        guard.saw(mean);
        assertThat(guard.state().inARow()).isZero();
    }

    @Test
    void aPermanentShiftOfTheLossIsAccepted() {
        SpikeGuard guard = new SpikeGuard(6, SpikeGuard.State.NEW);
        falling(guard, 200);
        for (int step = 0; step < 200; step++) {
            guard.saw(9);
        }
        assertThat(guard.state().skipped()).isBetween(5L, 20L);
        assertThat(guard.state().mean()).isGreaterThan(8);
    }

    @Test
    void everyLossIsAcceptedAtFirstAndWithoutAThreshold() {
        SpikeGuard early = new SpikeGuard(6, SpikeGuard.State.NEW);
        falling(early, 20);
        assertThat(early.ceiling()).isInfinite();
        SpikeGuard off = new SpikeGuard(0, SpikeGuard.State.NEW);
        falling(off, 200);
        assertThat(off.ceiling()).isInfinite();
    }

    @Test
    void aGuardResumesFromItsState() {
        SpikeGuard whole = new SpikeGuard(6, SpikeGuard.State.NEW);
        falling(whole, 100);
        SpikeGuard again = new SpikeGuard(6, whole.state());
        falling(whole, 30);
        falling(again, 30);
        assertThat(again.state()).isEqualTo(whole.state());
    }

    private static void falling(SpikeGuard guard, int steps) {
        Random random = new Random(3);
        for (int step = 0; step < steps; step++) {
            guard.saw(2 + 2.0 / (step + 1) + 0.1 * random.nextGaussian());
        }
    }
}
