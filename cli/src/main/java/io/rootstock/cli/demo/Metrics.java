package io.rootstock.cli.demo;

import io.rootstock.registry.v1.Job;
import io.rootstock.trainer.v1.RunEvaluation;
import java.util.Optional;
import java.util.OptionalDouble;

/** Metrics of a job's latest evaluations. */
final class Metrics {
    private Metrics() {}

    /** The latest evaluation of a split. */
    static Optional<RunEvaluation> evaluation(Job job, String split) {
        return job.getEvaluationsList().stream()
                .filter(evaluation -> evaluation.getSplit().equals(split))
                .reduce((first, second) -> second);
    }

    static OptionalDouble metric(Job job, String split, String name) {
        return evaluation(job, split)
                .filter(evaluation -> evaluation.containsMetrics(name))
                .map(evaluation -> OptionalDouble.of(evaluation.getMetricsOrThrow(name)))
                .orElse(OptionalDouble.empty());
    }

    /** The loss of a split in nats per loss token; NaN if there is none. */
    static double loss(Job job, String split) {
        return evaluation(job, split).map(RunEvaluation::getLoss).orElse(Double.NaN);
    }
}
