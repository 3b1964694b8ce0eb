package io.rootstock.cli.demo;

import io.rootstock.trainer.v1.Estimate;
import io.rootstock.trainer.v1.EstimateRunResponse;
import io.rootstock.trainer.v1.Precision;
import java.util.ArrayList;
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
        Precision precision = Precision.PRECISION_UNSPECIFIED;
        double speed = 0;
        for (Precision candidate : List.of(Precision.PRECISION_FLOAT32, Precision.PRECISION_BFLOAT16)) {
            EstimateRunResponse plan = jobs.plan(options.pretraining(DEPTHS.getFirst(), candidate), true);
            double measured =
                    plan.getEstimate().getPeakFlops() * plan.getEstimate().getUtilization();
            if (measured > speed) {
                precision = candidate;
                speed = measured;
            }
        }
        List<Candidate> candidates = new ArrayList<>();
        for (int depth : DEPTHS) {
            candidates.add(Candidate.of(
                    depth,
                    jobs.plan(options.pretraining(depth, precision), false).getEstimate()));
        }
        return new BaseSize(depth(candidates, speed * options.pretrainingSeconds()), precision, speed);
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
