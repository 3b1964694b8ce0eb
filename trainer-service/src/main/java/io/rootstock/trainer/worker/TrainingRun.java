package io.rootstock.trainer.worker;

import io.rootstock.checkpoint.huggingface.HuggingFaceDirectory;
import io.rootstock.collectives.Collectives;
import io.rootstock.trainer.checkpoint.BackgroundCheckpoints;
import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.checkpoint.TrainingState;
import io.rootstock.trainer.data.Corpus;
import io.rootstock.trainer.engine.StepResult;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.optimizer.Optimizer;
import io.rootstock.trainer.estimate.ProcessMemory;
import io.rootstock.trainer.export.Sample;
import io.rootstock.trainer.run.WorkerOutcome;
import io.rootstock.trainer.schedule.Budget;
import io.rootstock.trainer.schedule.SpikeGuard;
import io.rootstock.trainer.schedule.StepTimer;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.RunUsage;
import io.rootstock.trainer.v1.Task;
import java.io.UncheckedIOException;
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
    private final PreparedRun run;
    private final TrainedModel model;
    private final Checkpoints checkpoints;
    private final RunLog log;
    private final BooleanSupplier stopRequested;
    private final Collectives processes;
    private final Agreement agreement;
    private final Map<String, Corpus> splits;
    private final RunData data;
    private final HeldOutEvaluation evaluation;
    private final BestWeights best;
    private final Budget budget;
    private final ProgressMeter meter;
    private final boolean pretraining;
    private StepTimer timer = new StepTimer(0.0);
    private long step;
    private long tokens;
    private SpikeGuard spikes;
    private BackgroundCheckpoints writer;

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
        this.pretraining = run.plan().task() == Task.TASK_PRETRAIN;
        this.data = RunData.of(run, splits);
        this.evaluation = new HeldOutEvaluation(run, splits, data.objective(), model.engine(), log);
        this.best = new BestWeights(model, agreement, !pretraining, run.values().getPatience());
        this.spikes = new SpikeGuard(run.values().getSpikeThreshold(), SpikeGuard.State.NEW);
        this.budget = run.plan().budget().atMost(data.training().mostSteps());
        this.meter = new ProgressMeter(run.plan(), run.device());
    }

    /** Trains and evaluates; returns an outcome if the run ended before its budget did. */
    Optional<WorkerOutcome> train() {
        if (run.plan().task() == Task.TASK_PREFERENCE) {
            model.start(run);
            splits.values()
                    .forEach(split -> data.references()
                            .compute(split, model.engine(), run.manifest().eosId()));
        }
        Optional<TrainingState> state = begin();
        run.base().ifPresent(HuggingFaceDirectory::close); // the model has copied its mapped weights
        state.ifPresent(this::restore);
        log.resolved(run.resolved(), step);
        if (state.isEmpty() && !run.spec().getExtendedRunId().isEmpty()) {
            return Optional.of(new WorkerOutcome(
                    WorkerOutcome.Kind.FAILED,
                    "the checkpoint of the extended run " + run.spec().getExtendedRunId() + " is corrupt"));
        }
        if (state.isEmpty()) {
            run.resolved().getMixture().getNotesList().forEach(note -> log.message("mixture: " + note));
            evaluation.beforeTraining();
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
                    + ", rank 0 that of step " + agreed + "; all ranks must have the same checkpoints");
        }
        return state;
    }

    private Optional<WorkerOutcome> steps() {
        Hyperparameters values = run.values();
        Optimizer.Settings optimizer = run.plan().optimizer();
        run.speed().begin();
        long savedStep = step > 0 ? step : -1;
        boolean due = false;
        while (!budget.finished(timer.progress(step)) && !best.converged()) {
            if (agreement.broadcastFromRank0(stopRequested.getAsBoolean())) {
                return Optional.of(stopped(savedStep));
            }
            Budget.Progress before = timer.progress(step);
            double learningRate =
                    run.plan().learningRate().at(budget.done(before), 1.0 / Math.max(1, budget.totalSteps(before)));
            long start = System.nanoTime();
            List<Batch> batches = data.training().step(step);
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
                            .putAllSourceTokens(data.training().sourceTokens())
                            .build())
                    .ifPresent(log::progress);
            boolean better = !last
                    && values.getValidationInterval() > 0
                    && step % values.getValidationInterval() == 0
                    && validate();
            due |= step % values.getCheckpointInterval() == 0;
            // The best checkpoint of pre-training cannot be deferred: its weights are stored nowhere else.
            boolean cannotWait = better && pretraining;
            if (!last && (cannotWait || (due && mayWrite()))) {
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

    /** Evaluates on a sample; returns whether the result is the best so far. */
    private boolean validate() {
        return evaluation
                .validate(step)
                .map(result -> best.update(step, result, writer))
                .orElse(false);
    }

    private void finish() {
        if (!pretraining && evaluation.hasValidation()) {
            if (best.converged()) {
                log.message("ended early: " + best.validationsSince() + " validations without a higher score");
            } else {
                validate();
            }
            if (best.step() != step) {
                log.message("the weights of step " + best.step() + " are exported, selected by validation");
                model.useBest();
            }
        }
        rememberSpeed();
        evaluation.afterTraining(best.exportedStep(step));
        writer.await();
        double seconds = timer.totalSeconds();
        log.usage(RunUsage.newBuilder()
                .setMemoryBytes(ProcessMemory.peak())
                .setSeconds(seconds)
                .setDollars(seconds / 3600.0 * run.device().dollarsPerHour())
                .setEstimate(run.resolved().getEstimate())
                .setTokens(tokens)
                .setPaddedShare(meter.paddedShare())
                .putAllSourceTokens(data.training().sourceTokens())
                .build());
        if (pretraining && checkpoints.steps().contains(best.step())) {
            log.message("step " + best.step()
                    + " validated best while training; its checkpoint is kept, the last weights" + " are exported");
        }
    }

    private void rememberSpeed() {
        if (processes.rank() > 0) {
            return;
        }
        meter.raisedPeak()
                .ifPresent(peak -> log.message(String.format(
                        Locale.ROOT,
                        "the run reached %.1f GFLOP/s, more than the peak of %.1f GFLOP/s measured before: later runs are"
                                + " compared with it",
                        peak / 1e9,
                        run.device().peakFlops() / 1e9)));
        run.speed().end(meter.flopsPerSecond(), meter.stepSeconds(), meter.raisedPeak());
    }

    /** Held-out rows on which the exported files are measured. */
    Sample exportSample() {
        return Sample.of(data.exportSample().batches(), run.plan().task() == Task.TASK_INSTRUCTION);
    }

    /** Reports the validation of the exported weights again, with the metrics of the exported files. */
    void report(Map<String, Double> fileMetrics) {
        evaluation.report(best.exportedStep(step), fileMetrics);
    }

    private void restore(TrainingState state) {
        step = state.step();
        tokens = state.tokens();
        data.training().restore(step, Optional.ofNullable(state.data()));
        timer = new StepTimer(state.secondsSpent());
        evaluation.restore(state.startMetrics());
        best.restore(state);
        spikes = new SpikeGuard(run.values().getSpikeThreshold(), state.spikes());
    }

    /**
     * Whether a due checkpoint is written now. It is deferred while another is written, so that training does not wait,
     * and, unless the user set the interval, until writing takes only a small share of the time (decision 0090).
     */
    private boolean mayWrite() {
        boolean asked = run.spec().getHyperparameters().hasCheckpointInterval();
        return asked ? writer.isIdle() : writer.isRested();
    }

    private void save() {
        TrainingState state = new TrainingState(
                TrainingState.FORMAT_VERSION,
                step,
                model.engine().optimizerStep(),
                run.values().getSeed(),
                tokens,
                timer.totalSeconds(),
                evaluation.startMetrics(),
                best.step(),
                best.highest(),
                best.validationsSince(),
                spikes.state(),
                data.training().position());
        writer.write(state, model.trainedState(), model.bestState());
    }

    private String notFinite(StepResult result) {
        int rows = run.values().getBatchRows();
        return "the loss is not finite (loss " + result.lossSum() + ", gradient norm " + result.gradientNorm()
                + ") at step " + step + ", rows " + step * rows + " to " + ((step + 1) * rows - 1)
                + " of the data order of seed " + run.values().getSeed()
                + "; try a smaller learning_rate, or look at these rows";
    }

    /** Reports durable checkpoints, and the first of several consecutive failed writes. */
    private static final class CheckpointReport implements BackgroundCheckpoints.Listener {
        private final Checkpoints checkpoints;
        private final RunLog log;
        private boolean failing;

        CheckpointReport(Checkpoints checkpoints, RunLog log) {
            this.checkpoints = checkpoints;
            this.log = log;
        }

        @Override
        public void written(TrainingState state, long bytes) {
            failing = false;
            log.checkpoint(state.step(), bytes, state.bestStep() == state.step());
        }

        @Override
        public void failed(TrainingState state, UncheckedIOException reason) {
            if (failing) {
                return;
            }
            failing = true;
            List<Long> steps = checkpoints.steps();
            log.message(reason.getMessage() + "; training continues, newest checkpoint: "
                    + (steps.isEmpty() ? "none" : "step " + steps.getFirst()));
        }
    }
}
