package io.rootstock.trainer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GemmPeakTest {
    @Test
    void measuresOnceAndCachesTheResult() {
        double measured = GemmPeak.flopsPerSecond(Precision.FLOAT32, 2);
        assertThat(measured).isBetween(1e8, 1e15);
        assertThat(GemmPeak.flopsPerSecond(Precision.FLOAT32, 2)).isEqualTo(measured);
    }
}
