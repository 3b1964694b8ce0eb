package io.rootstock.trainer.worker;

import io.rootstock.dataset.DatasetManifest;
import io.rootstock.trainer.data.Corpus;
import io.rootstock.trainer.data.Objective;
import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.v1.Task;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Evaluates a run on its validation and test splits before, during and after training, and logs the results. */
final class HeldOutEvaluation {
    private final Task task;
    private final Engine engine;
    private final RunLog log;
    private final Evaluator validation;
    private final Evaluator test;
    private final Sampler sampler;
    private final PreparedRun run;
    private final Map<String, Corpus> splits;
    private final Map<String, Double> startMetrics = new HashMap<>();
    private Optional<Evaluation> validated = Optional.empty();

    HeldOutEvaluation(PreparedRun run, Map<String, Corpus> splits, Objective objective, Engine engine, RunLog log) {
        this.task = run.plan().task();
        this.run = run;
        this.splits = splits;
        this.engine = engine;
        this.log = log;
        this.validation = new Evaluator(run, splits.get(DatasetManifest.VALIDATION), objective);
        this.test = new Evaluator(run, splits.get(DatasetManifest.TEST), objective);
        this.sampler = Sampler.of(run, splits.get(DatasetManifest.VALIDATION));
    }

    /** Metrics measured before the first step, by split and name, such as {@code validation.base_loss}. */
    Map<String, Double> startMetrics() {
        return startMetrics;
    }

    void restore(Map<String, Double> metrics) {
        startMetrics.putAll(metrics);
    }

    /** Evaluates the weights before the first step, as the baseline of later evaluations. */
    void beforeTraining() {
        if (task == Task.TASK_PRETRAIN && run.base().isPresent()) {
            evaluateBase(base -> Map.of("base_bits_per_byte", base.bitsPerByte()));
        } else if (task == Task.TASK_PRETRAIN && !validation.isEmpty()) {
            Evaluation start = validation.onSample(engine);
            startMetrics.put("validation.start_bits_per_byte", start.bitsPerByte());
            log.evaluation(0, DatasetManifest.VALIDATION, start, Map.of());
        }
        if (task == Task.TASK_INSTRUCTION) {
            evaluateBase(base -> Map.of("base_loss", base.loss()));
        }
        if (task == Task.TASK_PREFERENCE) {
            evaluateBase(base -> Map.of("base_ranking_accuracy", base.metrics().get("ranking_accuracy")));
        }
        if (task == Task.TASK_CLASSIFICATION) {
            startMetrics.putAll(LinearBaseline.metrics(run, splits));
            LinearBaseline.message(startMetrics).ifPresent(log::message);
        }
    }

    /** Evaluates the base on both splits, and adds metrics of it to later evaluations. */
    private void evaluateBase(Function<Evaluation, Map<String, Double>> metrics) {
        if (!validation.isEmpty()) {
            Evaluation base = validation.onAll(engine);
            add(DatasetManifest.VALIDATION, metrics.apply(base));
            log.evaluation(0, DatasetManifest.VALIDATION, base, startMetrics(DatasetManifest.VALIDATION));
        }
        if (!test.isEmpty()) {
            add(DatasetManifest.TEST, metrics.apply(test.onAll(engine)));
        }
    }

    private void add(String split, Map<String, Double> metrics) {
        metrics.forEach((name, value) -> startMetrics.put(split + "." + name, value));
    }

    boolean hasValidation() {
        return !validation.isEmpty();
    }

    /** Evaluates a sample of the validation split and logs generated texts; empty without a validation split. */
    Optional<Evaluation> validate(long step) {
        if (validation.isEmpty()) {
            return Optional.empty();
        }
        Evaluation evaluation = validation.onSample(engine);
        Map<String, Double> metrics = startMetrics(DatasetManifest.VALIDATION);
        metrics.putAll(startMetrics(LinearBaseline.SAMPLE));
        log.evaluation(step, DatasetManifest.VALIDATION, evaluation, metrics);
        generate(step);
        return Optional.of(evaluation);
    }

    /**
     * Evaluates the exported weights on the whole validation and test splits.
     *
     * @param step step of these weights
     */
    void afterTraining(long step) {
        if (!validation.isEmpty()) {
            Evaluation evaluation = validation.onAll(engine);
            validated = Optional.of(evaluation);
            report(step, DatasetManifest.VALIDATION, evaluation);
        }
        if (!test.isEmpty()) {
            report(step, DatasetManifest.TEST, test.onAll(engine));
        }
        generate(step);
    }

    private void report(long step, String split, Evaluation evaluation) {
        Map<String, Double> metrics = startMetrics(split);
        log.evaluation(step, split, evaluation, metrics);
        Optional.ofNullable(evaluation.metrics().get("accuracy"))
                .flatMap(accuracy -> LinearBaseline.warning(split, accuracy, metrics))
                .ifPresent(log::message);
    }

    /** Logs the validation of the exported weights again, with the metrics of the exported files. */
    void report(long step, Map<String, Double> fileMetrics) {
        if (validated.isPresent() && !fileMetrics.isEmpty()) {
            log.completed(
                    step,
                    DatasetManifest.VALIDATION,
                    validated.get(),
                    startMetrics(DatasetManifest.VALIDATION),
                    fileMetrics);
        }
    }

    private void generate(long step) {
        sampler.samples(engine, step).forEach(log::sample);
    }

    private Map<String, Double> startMetrics(String split) {
        Map<String, Double> metrics = new HashMap<>();
        String prefix = split + ".";
        startMetrics.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                metrics.put(name.substring(prefix.length()), value);
            }
        });
        return metrics;
    }
}
