package io.rootstock.trainer.worker;

import io.rootstock.checkpoint.huggingface.HuggingFaceDirectory;
import io.rootstock.collectives.Collectives;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.trainer.checkpoint.BackgroundCheckpoints;
import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.checkpoint.TrainingState;
import io.rootstock.trainer.data.Corpus;
import io.rootstock.trainer.data.FineTuningData;
import io.rootstock.trainer.data.HeldOutData;
import io.rootstock.trainer.data.LabelCounts;
import io.rootstock.trainer.data.Objective;
import io.rootstock.trainer.data.PretrainingData;
import io.rootstock.trainer.data.References;
import io.rootstock.trainer.data.TrainingData;
import io.rootstock.trainer.engine.StepResult;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.LabelLoss;
import io.rootstock.trainer.engine.optimizer.OptimizerSettings;
import io.rootstock.trainer.estimate.ProcessMemory;
import io.rootstock.trainer.export.Sample;
import io.rootstock.trainer.plan.MicroBatches;
import io.rootstock.trainer.run.WorkerOutcome;
import io.rootstock.trainer.schedule.Budget;
import io.rootstock.trainer.schedule.SpikeGuard;
import io.rootstock.trainer.schedule.StepTimer;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.RunUsage;
import io.rootstock.trainer.v1.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Trains a run from its current state to its end. All state is in the checkpoints: a run that is killed at any time
 * resumes from the newest checkpoint and passes through the same states as an uninterrupted run.
 */
final class TrainingRun {
    /** Maximum tokens on which an exported file is measured; resolves differences of 0.1 % in perplexity. */
    private static final int MOST_SAMPLE_TOKENS = 8192;

    private static final int LEAST_SAMPLE_TOKENS = 512;

    /** Bounds tokens times parameters of the sample of a larger model: about 10 s per file on two cores. */
    private static final double SAMPLE_WORK = 4e11;

    private final PreparedRun run;
    private final TrainedModel model;
    private final Checkpoints checkpoints;
    private final RunLog log;
    private final BooleanSupplier stopRequested;
    private final Collectives processes;
    private final Agreement agreement;
    private final Map<String, Corpus> splits;
    private final References references = new References();
    private final TrainingData data;
    private final Evaluator validation;
    private final Evaluator test;
    private final Sampler sampler;
    private final Budget budget;
    private final ProgressMeter meter;
    private final HeldOutData heldOut;
    private final Map<String, Double> startMetrics = new HashMap<>();
    private StepTimer timer = new StepTimer(0.0);
    private long step;
    private long tokens;
    private long bestStep = -1;
    private double bestScore = Double.NEGATIVE_INFINITY;
    private int validationsSinceBest;
    private SpikeGuard spikes;
    private BackgroundCheckpoints writer;
    private Optional<Evaluation> validated = Optional.empty();

    TrainingRun(
            PreparedRun run,
            TrainedModel model,
            Map<String, Corpus> splits,
            Checkpoints checkpoints,
            RunLog log,
            BooleanSupplier stopRequested,
            Collectives processes) {
        this.processes = processes;
        this.agreement = new Agreement(processes);
        this.run = run;
        this.model = model;
        this.checkpoints = checkpoints;
        this.log = log;
        this.stopRequested = stopRequested;
        this.splits = Map.copyOf(splits);
        Objective objective = objective(run, splits.get(DatasetManifest.TRAIN));
        this.data = data(run, splits.get(DatasetManifest.TRAIN), objective);
        this.heldOut = heldOut(run, splits.get(DatasetManifest.VALIDATION), objective);
        this.validation = new Evaluator(run, splits.get(DatasetManifest.VALIDATION), objective);
        this.test = new Evaluator(run, splits.get(DatasetManifest.TEST), objective);
        this.sampler = Sampler.of(run, splits.get(DatasetManifest.VALIDATION));
        this.spikes = new SpikeGuard(run.values().getSpikeThreshold(), SpikeGuard.State.NEW);
        this.budget = run.plan().budget().atMost(data.mostSteps());
        this.meter = new ProgressMeter(run.plan(), run.device());
    }

    /** Trains and evaluates; returns an outcome if the run ended before its budget did. */
    Optional<WorkerOutcome> train() {
        if (run.plan().task() == Task.TASK_PREFERENCE) {
            model.start(run);
            splits.values()
                    .forEach(split -> references.compute(
                            split, model.engine(), run.manifest().eosId()));
        }
        Optional<TrainingState> state = begin();
        run.base().ifPresent(HuggingFaceDirectory::close); // the model has copied its mapped weights
        state.ifPresent(this::restore);
        log.resolved(run.resolved(), step);
        if (state.isEmpty()) {
            measureStart();
        }
        try (BackgroundCheckpoints background = new BackgroundCheckpoints(
                checkpoints,
                run.values().getCheckpointsKept(),
                run.values().getBackgroundCheckpoints(),
                new CheckpointReport(checkpoints, log))) {
            writer = background;
            Optional<WorkerOutcome> early = steps();
            if (early.isEmpty()) {
                finish();
            }
            return early;
        }
    }

    /** Restores the state on rank 0 first: rank 0 removes corrupt checkpoints before the other ranks read. */
    private Optional<TrainingState> begin() {
        boolean first = processes.rank() == 0;
        if (!first) {
            processes.barrier();
        }
        Optional<TrainingState> state = model.begin(run, checkpoints, log::message);
        if (first) {
            processes.barrier();
        }
        long begun = state.map(TrainingState::step).orElse(-1L);
        long agreed = (long) agreement.broadcastFromRank0((double) begun);
        if (begun != agreed) {
            throw new IllegalStateException("process " + processes.rank() + " found the checkpoint of step " + begun
                    + ", rank 0 that of step " + agreed + "; all ranks must share the run's folder");
        }
        return state;
    }

    private Optional<WorkerOutcome> steps() {
        Hyperparameters values = run.values();
        OptimizerSettings optimizer = run.plan().optimizer();
        long savedStep = step > 0 ? step : -1;
        boolean due = false;
        while (!budget.finished(timer.progress(step)) && !converged()) {
            if (agreement.broadcastFromRank0(stopRequested.getAsBoolean())) {
                return Optional.of(stopped(savedStep));
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
                log.message(String.format(
                        Locale.ROOT,
                        "step %d skipped: its loss of %.3f is a spike, above %.3f",
                        step,
                        result.meanLoss(),
                        ceiling));
            }
            spikes.saw(result.meanLoss());
            double seconds = agreement.broadcastFromRank0((System.nanoTime() - start) / 1e9);
            timer.add(seconds);
            step++;
            StepTokens stepTokens = StepTokens.of(batches, model.engine());
            tokens += stepTokens.real();
            meter.add(result, model.engine(), stepTokens, seconds);
            Budget.Progress after = timer.progress(step);
            boolean last = budget.finished(after);
            meter.due(result, learningRate, budget, after, tokens, last)
                    .map(event -> event.toBuilder()
                            .setSkippedSteps(spikes.state().skipped())
                            .build())
                    .ifPresent(log::progress);
            boolean best = !last
                    && values.getValidationInterval() > 0
                    && step % values.getValidationInterval() == 0
                    && validate();
            due |= step % values.getCheckpointInterval() == 0;
            // A due checkpoint is deferred while another is written, so that training does not wait. The best
            // checkpoint of pre-training cannot be deferred: its weights are stored nowhere else.
            boolean cannotWait = best && run.plan().task() == Task.TASK_PRETRAIN;
            if (!last && (cannotWait || (due && writer.isIdle()))) {
                save();
                savedStep = step;
                due = false;
            }
        }
        if (step != savedStep) {
            save();
        }
        return Optional.empty();
    }

    /** Writes a checkpoint and stops; if the write fails, the message states the step from which the run resumes. */
    private WorkerOutcome stopped(long savedStep) {
        if (step != savedStep) {
            save();
        }
        writer.await();
        List<Long> steps = checkpoints.steps();
        String message = "stopped at step " + step;
        if (steps.isEmpty() || steps.getFirst() != step) {
            message += ", but its checkpoint could not be written; the run resumes from "
                    + (steps.isEmpty() ? "the start" : "step " + steps.getFirst());
        }
        return new WorkerOutcome(WorkerOutcome.Kind.STOPPED, message);
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

    /** Evaluates on a sample; returns whether the result is the best so far. */
    private boolean validate() {
        if (validation.isEmpty()) {
            return false;
        }
        Evaluation evaluation = validation.onSample(model.engine());
        log.evaluation(step, DatasetManifest.VALIDATION, evaluation, startMetrics(DatasetManifest.VALIDATION));
        sample(step);
        return updateBest(evaluation);
    }

    /**
     * Updates the best score. Fine-tuning copies the best weights in memory and exports them. Pre-training, which
     * repeats little of its data and does not need the best weights, keeps their checkpoint.
     */
    private boolean updateBest(Evaluation evaluation) {
        double score = agreement.broadcastFromRank0(evaluation.score());
        if (score <= bestScore) {
            validationsSinceBest++;
            return false;
        }
        bestScore = score;
        bestStep = step;
        validationsSinceBest = 0;
        if (run.plan().task() != Task.TASK_PRETRAIN) {
            writer.await(); // the previous best weights may still be being written
            model.keepAsBest();
        }
        return true;
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
        if (!validation.isEmpty()) {
            Evaluation evaluation = validation.onAll(model.engine());
            validated = Optional.of(evaluation);
            log.evaluation(
                    evaluated(), DatasetManifest.VALIDATION, evaluation, startMetrics(DatasetManifest.VALIDATION));
        }
        if (!test.isEmpty()) {
            log.evaluation(
                    evaluated(), DatasetManifest.TEST, test.onAll(model.engine()), startMetrics(DatasetManifest.TEST));
        }
        sample(evaluated());
        writer.await();
        double seconds = timer.totalSeconds();
        log.usage(RunUsage.newBuilder()
                .setMemoryBytes(ProcessMemory.peak())
                .setSeconds(seconds)
                .setDollars(seconds / 3600.0 * run.device().dollarsPerHour())
                .setEstimate(run.resolved().getEstimate())
                .setTokens(tokens)
                .setPaddedShare(meter.paddedShare())
                .build());
        if (run.plan().task() == Task.TASK_PRETRAIN && checkpoints.steps().contains(bestStep)) {
            log.message("step " + bestStep + " validated best while training; its checkpoint is kept, the last weights"
                    + " are exported");
        }
    }

    /** Step of the exported weights. */
    private long evaluated() {
        return run.plan().task() != Task.TASK_PRETRAIN && bestStep >= 0 ? bestStep : step;
    }

    /** Held-out rows on which the exported files are measured. */
    Sample heldOut() {
        return Sample.of(heldOut.batches());
    }

    /** Reports the validation of the exported weights again, with the metrics of the exported files. */
    void report(Map<String, Double> fileMetrics) {
        if (validated.isPresent() && !fileMetrics.isEmpty()) {
            log.completed(
                    evaluated(),
                    DatasetManifest.VALIDATION,
                    validated.get(),
                    startMetrics(DatasetManifest.VALIDATION),
                    fileMetrics);
        }
    }

    private void sample(long at) {
        sampler.samples(model.engine(), at).forEach(log::sample);
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

    private void restore(TrainingState state) {
        step = state.step();
        tokens = state.tokens();
        timer = new StepTimer(state.secondsSpent());
        startMetrics.putAll(state.startMetrics());
        bestStep = state.bestStep();
        bestScore = bestStep < 0 ? Double.NEGATIVE_INFINITY : state.bestScore();
        validationsSinceBest = state.validationsSinceBest();
        spikes = new SpikeGuard(run.values().getSpikeThreshold(), state.spikes());
    }

    private void save() {
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
        writer.write(state, model.trainedState(), model.bestState());
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

    private static HeldOutData heldOut(PreparedRun run, Corpus corpus, Objective objective) {
        int padding = run.manifest().eosId();
        int context = run.plan().architecture().getContextLength();
        int tokens =
                (int) Math.clamp(SAMPLE_WORK / run.plan().size().parameters(), LEAST_SAMPLE_TOKENS, MOST_SAMPLE_TOKENS);
        return run.plan().task() == Task.TASK_PRETRAIN
                ? HeldOutData.documents(corpus, context, padding, Math.max(1, tokens / context))
                : HeldOutData.rows(corpus, padding, corpus.rowsOf(tokens), objective);
    }

    private static TrainingData data(PreparedRun run, Corpus train, Objective objective) {
        Hyperparameters values = run.values();
        return run.plan().task() == Task.TASK_PRETRAIN
                ? new PretrainingData(
                        train,
                        run.plan().architecture().getContextLength(),
                        values.getBatchRows(),
                        MicroBatches.of(run.plan()),
                        values.getSeed())
                : new FineTuningData(
                        train,
                        values.getBatchRows(),
                        MicroBatches.of(run.plan()),
                        run.manifest().eosId(),
                        values.getSeed(),
                        objective);
    }
}
