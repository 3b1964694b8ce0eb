package io.rootstock.cli.demo;

import io.rootstock.registry.v1.Job;
import io.rootstock.trainer.v1.RunEvaluation;
import java.util.Optional;
import java.util.OptionalDouble;

/** Figures of a job's newest evaluations. */
final class Metrics {
    private Metrics() {}

    /** The newest evaluation of a split. */
    static Optional<RunEvaluation> evaluation(Job job, String split) {
        return job.getEvaluationsList().stream()
                .filter(evaluation -> evaluation.getSplit().equals(split))
                .reduce((first, second) -> second);
    }

    /** A named metric of a split. */
    static OptionalDouble metric(Job job, String split, String name) {
        return evaluation(job, split)
                .filter(evaluation -> evaluation.containsMetrics(name))
                .map(evaluation -> OptionalDouble.of(evaluation.getMetricsOrThrow(name)))
                .orElse(OptionalDouble.empty());
    }

    /** The loss on a split, nats per loss token. */
    static double loss(Job job, String split) {
        return evaluation(job, split).map(RunEvaluation::getLoss).orElse(Double.NaN);
    }
}
