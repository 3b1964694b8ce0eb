package io.rootstock.trainer.worker;

import io.rootstock.dataset.DatasetManifest;
import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.checkpoint.TrainingState;
import io.rootstock.trainer.data.Corpus;
import io.rootstock.trainer.data.FineTuningData;
import io.rootstock.trainer.data.LabelCounts;
import io.rootstock.trainer.data.Objective;
import io.rootstock.trainer.data.PretrainingData;
import io.rootstock.trainer.data.References;
import io.rootstock.trainer.data.TrainingData;
import io.rootstock.trainer.engine.Batch;
import io.rootstock.trainer.engine.LabelLoss;
import io.rootstock.trainer.engine.OptimizerSettings;
import io.rootstock.trainer.engine.StepResult;
import io.rootstock.trainer.run.WorkerOutcome;
import io.rootstock.trainer.schedule.Budget;
import io.rootstock.trainer.schedule.SpikeGuard;
import io.rootstock.trainer.schedule.StepTimer;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Training from wherever the run stands to its end. All that decides what happens next is in the checkpoints: after a
 * kill at any instant the run goes on from the newest and passes through the very states it would have passed through.
 */
final class TrainingRun {
    private final PreparedRun run;
    private final TrainedModel model;
    private final Checkpoints checkpoints;
    private final RunLog log;
    private final BooleanSupplier stopRequested;
    private final Map<String, Corpus> splits;
    private final References references = new References();
    private final TrainingData data;
    private final Evaluator validation;
    private final Evaluator test;
    private final Budget budget;
    private final Map<String, Double> startMetrics = new HashMap<>();
    private StepTimer timer = new StepTimer(0.0);
    private long step;
    private long tokens;
    private long bestStep = -1;
    private double bestScore = Double.NEGATIVE_INFINITY;
    private int validationsSinceBest;
    private SpikeGuard spikes;

    TrainingRun(
            PreparedRun run,
            TrainedModel model,
            Map<String, Corpus> splits,
            Checkpoints checkpoints,
            RunLog log,
            BooleanSupplier stopRequested) {
        this.run = run;
        this.model = model;
        this.checkpoints = checkpoints;
        this.log = log;
        this.stopRequested = stopRequested;
        this.splits = Map.copyOf(splits);
        Objective objective = objective(run, splits.get(DatasetManifest.TRAIN));
        this.data = data(run, splits.get(DatasetManifest.TRAIN), objective);
        this.validation = new Evaluator(run, splits.get(DatasetManifest.VALIDATION), objective);
        this.test = new Evaluator(run, splits.get(DatasetManifest.TEST), objective);
        this.spikes = new SpikeGuard(run.values().getSpikeThreshold(), SpikeGuard.State.NEW);
        this.budget = run.plan().budget().atMost(data.mostSteps());
    }

    /** Trains and evaluates; present when the run ended before its budget did. */
    Optional<WorkerOutcome> train() {
        if (run.plan().task() == Task.TASK_PREFERENCE) {
            model.start(run);
            splits.values()
                    .forEach(split -> references.compute(
                            split, model.engine(), run.manifest().endOfTextId()));
        }
        Optional<TrainingState> state = model.begin(run, checkpoints, log::message);
        state.ifPresent(this::goOn);
        log.resolved(run.resolved(), step);
        if (state.isEmpty()) {
            measureStart();
        }
        Optional<WorkerOutcome> early = steps();
        if (early.isEmpty()) {
            finish();
        }
        return early;
    }

    private Optional<WorkerOutcome> steps() {
        Hyperparameters values = run.values();
        OptimizerSettings optimizer = run.optimizer();
        ProgressMeter meter = new ProgressMeter(run.plan(), run.device());
        long savedStep = step;
        while (!budget.finished(timer.progress(step)) && !converged()) {
            if (stopRequested.getAsBoolean()) {
                save(step != savedStep);
                return Optional.of(new WorkerOutcome(WorkerOutcome.Kind.STOPPED, "stopped at step " + step));
            }
            Budget.Progress before = timer.progress(step);
            double learningRate =
                    run.plan().learningRate().at(budget.done(before), 1.0 / Math.max(1, budget.totalSteps(before)));
            long start = System.nanoTime();
            List<Batch> batches = data.step(step);
            double ceiling = spikes.ceiling();
            StepResult result = model.engine().step(batches, learningRate, optimizer, ceiling);
            if (!result.finite()) {
                return Optional.of(new WorkerOutcome(WorkerOutcome.Kind.FAILED, notFinite(result)));
            }
            if (result.meanLoss() > ceiling) {
                log.message("step " + step + " skipped: its loss of " + (float) result.meanLoss()
                        + " is a spike, the largest taken for none is " + (float) ceiling);
            }
            spikes.saw(result.meanLoss());
            double seconds = (System.nanoTime() - start) / 1e9;
            timer.add(seconds);
            step++;
            long stepTokens = batches.stream()
                    .mapToLong(batch -> (long) batch.rows() * batch.length())
                    .sum();
            tokens += stepTokens;
            meter.add(result, model.engine(), stepTokens, batches.getLast().length(), seconds);
            Budget.Progress after = timer.progress(step);
            boolean last = budget.finished(after);
            meter.due(result, learningRate, budget, after, tokens, last)
                    .map(event -> event.toBuilder()
                            .setSkippedSteps(spikes.state().skipped())
                            .build())
                    .ifPresent(log::progress);
            if (!last && values.getValidationInterval() > 0 && step % values.getValidationInterval() == 0) {
                validate();
            }
            if (!last && step % values.getCheckpointInterval() == 0) {
                save(true);
                savedStep = step;
            }
        }
        save(step != savedStep);
        return Optional.empty();
    }

    private void measureStart() {
        Task task = run.plan().task();
        if (task == Task.TASK_PRETRAIN && !validation.isEmpty()) {
            Evaluation start = validation.onSample(model.engine());
            startMetrics.put("validation.start_bits_per_byte", start.bitsPerByte());
            log.evaluation(0, DatasetManifest.VALIDATION, start, Map.of());
        }
        if (task == Task.TASK_INSTRUCTION) {
            if (!validation.isEmpty()) {
                Evaluation base = validation.onAll(model.engine());
                startMetrics.put("validation.base_loss", base.loss());
                log.evaluation(0, DatasetManifest.VALIDATION, base, startMetrics(DatasetManifest.VALIDATION));
            }
            if (!test.isEmpty()) {
                startMetrics.put("test.base_loss", test.onAll(model.engine()).loss());
            }
        }
    }

    private void validate() {
        if (validation.isEmpty()) {
            return;
        }
        Evaluation evaluation = validation.onSample(model.engine());
        log.evaluation(step, DatasetManifest.VALIDATION, evaluation, startMetrics(DatasetManifest.VALIDATION));
        remember(evaluation);
    }

    /** Fine-tuning keeps the weights that validated best; pre-training sees too little of its data twice to need it. */
    private void remember(Evaluation evaluation) {
        if (run.plan().task() == Task.TASK_PRETRAIN) {
            return;
        }
        if (evaluation.score() > bestScore) {
            bestScore = evaluation.score();
            bestStep = step;
            validationsSinceBest = 0;
            model.keepAsBest();
        } else {
            validationsSinceBest++;
        }
    }

    private boolean converged() {
        int patience = run.values().getPatience();
        return patience > 0 && validationsSinceBest >= patience;
    }

    private void finish() {
        if (run.plan().task() != Task.TASK_PRETRAIN && !validation.isEmpty()) {
            if (converged()) {
                log.message("ended early: " + validationsSinceBest + " validations without a better one");
            } else {
                validate();
            }
            if (bestStep != step) {
                log.message("step " + bestStep + " validated best; its weights are exported");
                model.useBest();
            }
        }
        long evaluated = bestStep >= 0 ? bestStep : step;
        if (!validation.isEmpty()) {
            log.evaluation(
                    evaluated,
                    DatasetManifest.VALIDATION,
                    validation.onAll(model.engine()),
                    startMetrics(DatasetManifest.VALIDATION));
        }
        if (!test.isEmpty()) {
            log.evaluation(
                    evaluated, DatasetManifest.TEST, test.onAll(model.engine()), startMetrics(DatasetManifest.TEST));
        }
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

    private void goOn(TrainingState state) {
        step = state.step();
        tokens = state.tokens();
        timer = new StepTimer(state.secondsSpent());
        startMetrics.putAll(state.startMetrics());
        bestStep = state.bestStep();
        bestScore = bestStep < 0 ? Double.NEGATIVE_INFINITY : state.bestScore();
        validationsSinceBest = state.validationsSinceBest();
        spikes = new SpikeGuard(run.values().getSpikeThreshold(), state.spikes());
    }

    private void save(boolean changed) {
        if (!changed && step > 0) {
            return;
        }
        TrainingState state = new TrainingState(
                TrainingState.FORMAT_VERSION,
                step,
                model.engine().optimizerStep(),
                run.values().getSeed(),
                tokens,
                timer.totalSeconds(),
                startMetrics,
                bestStep,
                bestStep < 0 ? 0.0 : bestScore,
                validationsSinceBest,
                spikes.state());
        long bytes = model.save(checkpoints, state, run.values().getCheckpointsKept());
        log.checkpoint(step, bytes);
    }

    private String notFinite(StepResult result) {
        int rows = run.values().getBatchRows();
        return "the loss is not finite (loss " + result.lossSum() + ", gradient norm " + result.gradientNorm()
                + ") at step " + step + ", rows " + step * rows + " to " + ((step + 1) * rows - 1)
                + " of the data order of seed " + run.values().getSeed()
                + "; try a smaller learning_rate, or look at these rows";
    }

    private Objective objective(PreparedRun prepared, Corpus train) {
        Hyperparameters values = prepared.values();
        LabelLoss labelLoss = prepared.plan().task() == Task.TASK_CLASSIFICATION
                ? LabelCounts.loss(values, train, prepared.manifest().labels())
                : LabelLoss.PLAIN;
        return new Objective(labelLoss, references, values.getPreferenceBeta());
    }

    private static TrainingData data(PreparedRun run, Corpus train, Objective objective) {
        Hyperparameters values = run.values();
        return run.plan().task() == Task.TASK_PRETRAIN
                ? new PretrainingData(
                        train,
                        run.plan().architecture().getContextLength(),
                        values.getBatchRows(),
                        values.getGradientAccumulationSteps(),
                        values.getSeed())
                : new FineTuningData(
                        train,
                        values.getBatchRows(),
                        values.getGradientAccumulationSteps(),
                        run.manifest().endOfTextId(),
                        values.getSeed(),
                        objective);
    }
}
