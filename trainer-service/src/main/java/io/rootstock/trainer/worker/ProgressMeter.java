package io.rootstock.trainer.worker;

import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.StepResult;
import io.rootstock.trainer.estimate.Device;
import io.rootstock.trainer.plan.Plan;
import io.rootstock.trainer.schedule.Budget;
import io.rootstock.trainer.v1.RunProgress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalDouble;

/** Aggregates steps into progress events, at most one per second. */
final class ProgressMeter {
    private static final long INTERVAL_NANOS = 1_000_000_000L;

    private final Plan plan;
    private final Device device;
    private long lastEvent = System.nanoTime();
    private final LossWindow loss = new LossWindow();
    private long tokens;
    private long processed;
    private double flops;
    private double seconds;
    private long allTokens;
    private long allProcessed;
    private double allFlops;
    private double allSeconds;
    private double peak;

    ProgressMeter(Plan plan, Device device) {
        this.plan = plan;
        this.device = device;
        this.peak = device.peakFlops();
    }

    /**
     * Adds a step.
     *
     * @param step token counts of the step
     * @param stepSeconds duration of the step
     */
    void add(StepResult result, Engine engine, StepTokens step, double stepSeconds) {
        loss.add(result.lossSum(), result.lossTokens());
        tokens += step.real();
        processed += step.processed();
        allTokens += step.real();
        allProcessed += step.processed();
        flops += engine.flopsPerToken(step.meanLength()) * step.real();
        seconds += stepSeconds;
        allFlops += engine.flopsPerToken(step.meanLength()) * step.real();
        allSeconds += stepSeconds;
    }

    /** FLOP/s of all steps so far, without validations and checkpoints between them; 0 before the first step. */
    double flopsPerSecond() {
        return allSeconds == 0 ? 0 : allFlops / allSeconds;
    }

    /** Duration of all steps so far, in seconds. */
    double stepSeconds() {
        return allSeconds;
    }

    /** Highest FLOP/s of an interval between two events, if it is above the measured peak of the device. */
    OptionalDouble raisedPeak() {
        return peak > device.peakFlops() ? OptionalDouble.of(peak) : OptionalDouble.empty();
    }

    /** Share of padding in the tokens processed so far. */
    double paddedShare() {
        return paddedShare(allTokens, allProcessed);
    }

    private static double paddedShare(long real, long processed) {
        return processed == 0 ? 0 : Math.max(0, 1 - (double) real / processed);
    }

    /** Returns a progress event if one is due. */
    Optional<RunProgress> due(
            StepResult last,
            double learningRate,
            Budget budget,
            Budget.Progress progress,
            long tokensSoFar,
            boolean now) {
        long time = System.nanoTime();
        if (seconds == 0 || loss.isEmpty() || (!now && time - lastEvent < INTERVAL_NANOS)) {
            return Optional.empty();
        }
        long total = budget.totalSteps(progress);
        double left = switch (budget) {
            case Budget.Steps(long steps) -> (steps - progress.step()) * progress.stepSeconds();
            case Budget.Clock(double most, long mostSteps) ->
                Math.min(most - progress.seconds(), (mostSteps - progress.step()) * progress.stepSeconds());
        };
        peak = Math.max(peak, flops / seconds);
        double dollarsPerSecond = device.dollarsPerHour() / 3600.0;
        left = Math.max(0.0, left);
        RunProgress event = RunProgress.newBuilder()
                .setStep(progress.step())
                .setTotalSteps(total)
                .setTokens(tokensSoFar)
                .setTotalTokens(Math.max(tokensSoFar, plan.tokensAfter(total)))
                .setLoss(loss.mean())
                .setLearningRate(learningRate)
                .setGradientNorm(last.gradientNorm())
                .setTokensPerSecond(tokens / seconds)
                .setModelFlopsUtilization(flops / seconds / peak)
                .setEtaSeconds(left)
                .setDollarsSpent(progress.seconds() * dollarsPerSecond)
                .setDollarsRemaining(left * dollarsPerSecond)
                .setPaddedShare(paddedShare(tokens, processed))
                .setDone(Math.min(1.0, budget.done(progress)))
                .build();
        lastEvent = time;
        tokens = 0;
        processed = 0;
        flops = 0.0;
        seconds = 0.0;
        return Optional.of(event);
    }

    /**
     * Mean training loss per token of the last {@link #STEPS} steps. It depends on the step only, not on the times of
     * reports, so that equal runs report equal values.
     */
    static final class LossWindow {
        static final int STEPS = 10;

        private final Deque<Step> steps = new ArrayDeque<>();

        private record Step(double nats, long tokens) {}

        /**
         * Adds a step.
         *
         * @param nats sum of the losses of its tokens
         * @param tokens number of tokens in the loss
         */
        void add(double nats, long tokens) {
            if (steps.size() == STEPS) {
                steps.removeFirst();
            }
            steps.addLast(new Step(nats, tokens));
        }

        /** Whether no token of the window is in the loss. */
        boolean isEmpty() {
            return tokens() == 0;
        }

        /** Nats per token. */
        double mean() {
            return steps.stream().mapToDouble(Step::nats).sum() / tokens();
        }

        private long tokens() {
            return steps.stream().mapToLong(Step::tokens).sum();
        }
    }
}
