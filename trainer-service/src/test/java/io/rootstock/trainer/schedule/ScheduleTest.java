package io.rootstock.trainer.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void warmupStableDecayRisesHoldsAndFallsToZero() {
        LearningRate rate = new LearningRate.WarmupStableDecay(1.0, 0.1, 0.3);
        assertThat(rate.at(0.0, 0.01)).isCloseTo(0.1, within(1e-9));
        assertThat(rate.at(0.05, 0.01)).isCloseTo(0.6, within(1e-9));
        assertThat(rate.at(0.1, 0.01)).isEqualTo(1.0);
        assertThat(rate.at(0.7, 0.01)).isCloseTo(1.0, within(1e-9));
        assertThat(rate.at(0.85, 0.01)).isCloseTo(0.5, within(1e-9));
        assertThat(rate.at(1.0, 0.01)).isZero();
    }

    @Test
    void cosineEndsAtATenthOfThePeak() {
        LearningRate rate = new LearningRate.Cosine(2.0, 0.0);
        assertThat(rate.at(0.0, 0.01)).isCloseTo(2.0, within(1e-9));
        assertThat(rate.at(0.5, 0.01)).isCloseTo(1.1, within(1e-9));
        assertThat(rate.at(1.0, 0.01)).isCloseTo(0.2, within(1e-9));
    }

    @Test
    void aStepBudgetIsAFunctionOfTheStepAlone() {
        Budget budget = new Budget.Steps(10);
        assertThat(budget.done(new Budget.Progress(5, 1e9, 1, 1))).isEqualTo(0.5);
        assertThat(budget.finished(new Budget.Progress(9, 1e9, 1, 1))).isFalse();
        assertThat(budget.finished(new Budget.Progress(10, 0, 0, 0))).isTrue();
    }

    @Test
    void aClockBudgetEndsInTimeAtAnySpeed() {
        Budget budget = new Budget.Clock(10.0, 1_000_000);
        StepTimer timer = new StepTimer(0.0);
        long step = 0;
        double slowest = 0;
        while (!budget.finished(timer.progress(step))) {
            double seconds = step < 5 ? 0.4 : 0.11 + 0.01 * (step % 3);
            timer.add(seconds);
            slowest = Math.max(slowest, seconds);
            step++;
        }
        assertThat(timer.totalSeconds()).isBetween(9.8, 10.0);
        LearningRate rate = new LearningRate.WarmupStableDecay(1.0, 0.05, 0.3);
        assertThat(rate.at(budget.done(timer.progress(step)), 0.0)).isLessThan(0.05);
    }

    @Test
    void aClockBudgetReestimatesItsStepsAndStopsWhereTheDataEnds() {
        Budget budget = new Budget.Clock(100.0, 60);
        StepTimer timer = new StepTimer(20.0);
        timer.add(2.0);
        assertThat(budget.totalSteps(timer.progress(1))).isEqualTo(1 + 39);
        assertThat(budget.finished(timer.progress(60))).isTrue();
        assertThat(budget.done(timer.progress(45))).isEqualTo(0.75);
    }

    @Test
    void theFractionOfAClockThatIsDoneGrowsAlsoIfStepsBecomeFaster() {
        Budget budget = new Budget.Clock(100.0, 1_000_000);
        StepTimer timer = new StepTimer(0.0);
        double done = 0;
        for (int step = 1; step <= 100; step++) {
            timer.add(step <= 20 ? 2.0 : 0.1);
            Budget.Progress progress = timer.progress(step);
            assertThat(budget.done(progress)).isGreaterThan(done);
            done = budget.done(progress);
        }
        assertThat(done).isEqualTo(0.48, within(1e-9));
    }
}
