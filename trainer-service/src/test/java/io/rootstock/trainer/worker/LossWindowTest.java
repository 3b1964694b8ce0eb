package io.rootstock.trainer.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LossWindowTest {
    @Test
    void theLossOfAStepDoesNotDependOnEarlierReports() {
        ProgressMeter.LossWindow reportedOften = new ProgressMeter.LossWindow();
        ProgressMeter.LossWindow reportedOnce = new ProgressMeter.LossWindow();
        for (int step = 1; step <= 25; step++) {
            reportedOften.add(step * 2.0, 4);
            reportedOnce.add(step * 2.0, 4);
            assertThat(reportedOften.mean()).isPositive();
        }
        // Steps 16 to 25: 410 nats of 40 tokens.
        assertThat(reportedOften.mean()).isEqualTo(10.25);
        assertThat(reportedOnce.mean()).isEqualTo(10.25);
    }

    @Test
    void stepsCountByTheirTokens() {
        ProgressMeter.LossWindow loss = new ProgressMeter.LossWindow();
        assertThat(loss.isEmpty()).isTrue();
        loss.add(0, 0);
        assertThat(loss.isEmpty()).isTrue();
        loss.add(6, 2);
        loss.add(4, 8);
        assertThat(loss.mean()).isEqualTo(1.0);
    }
}
