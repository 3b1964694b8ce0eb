package io.rootstock.cli.demo;

import io.rootstock.trainer.v1.Estimate;
import io.rootstock.trainer.v1.EstimateRunResponse;
import io.rootstock.trainer.v1.Precision;
import java.util.List;

/**
 * Depth and precision of the demo's base. The precision is the faster one of a few measured steps, and the depth the largest
 * whose parameters see enough tokens at that speed: decision 0174.
 *
 * @param depth layers; the width follows from them
 * @param flopsPerSecond measured FLOP/s of training the smallest base
 */
record BaseSize(int depth, Precision precision, double flopsPerSecond) {
    /** Below this a base with fewer layers has a lower loss. */
    static final double MIN_TOKENS_PER_PARAMETER = 3;

    private static final List<Integer> DEPTHS = List.of(2, 3, 4, 6);

    /**
     * A base that may be trained.
     *
     * @param flopsPerToken FLOPs of a training token
     */
    record Candidate(int depth, double parameters, double flopsPerToken) {
        private static Candidate of(int depth, Estimate estimate) {
            return new Candidate(depth, estimate.getParameters(), estimate.getFlops() / estimate.getTokens());
        }

        private double tokensPerParameter(double flops) {
            return flops / flopsPerToken / parameters;
        }
    }

    /** Measures a few steps of the smallest base in each precision. */
    static BaseSize measured(DemoOptions options, DemoJobs jobs) {
        BaseSize best = new BaseSize(DEPTHS.getFirst(), Precision.PRECISION_UNSPECIFIED, 0);
        for (Precision precision : List.of(Precision.PRECISION_FLOAT32, Precision.PRECISION_BFLOAT16)) {
            BaseSize smallest = new BaseSize(DEPTHS.getFirst(), precision, 0);
            EstimateRunResponse plan = jobs.plan(options.pretraining(smallest), true);
            double speed =
                    plan.getEstimate().getPeakFlops() * plan.getEstimate().getUtilization();
            best = speed > best.flopsPerSecond ? new BaseSize(smallest.depth, precision, speed) : best;
        }
        BaseSize fastest = best;
        List<Candidate> candidates = DEPTHS.stream()
                .map(depth -> new BaseSize(depth, fastest.precision, fastest.flopsPerSecond))
                .map(size -> Candidate.of(
                        size.depth, jobs.plan(options.pretraining(size), false).getEstimate()))
                .toList();
        return new BaseSize(
                depth(candidates, fastest.flopsPerSecond * options.pretrainingSeconds()),
                fastest.precision,
                fastest.flopsPerSecond);
    }

    /**
     * Depth of the largest candidate with enough tokens per parameter; without one, of the smallest.
     *
     * @param candidates ascending, not empty
     * @param flops FLOPs of the training
     */
    static int depth(List<Candidate> candidates, double flops) {
        return candidates.reversed().stream()
                .filter(candidate -> candidate.tokensPerParameter(flops) >= MIN_TOKENS_PER_PARAMETER)
                .findFirst()
                .orElse(candidates.getFirst())
                .depth();
    }
}
