package io.rootstock.trainer.worker;

import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.trainer.data.Corpus;
import io.rootstock.trainer.data.Curriculum;
import io.rootstock.trainer.data.FineTuningData;
import io.rootstock.trainer.data.HeldOutData;
import io.rootstock.trainer.data.LabelCounts;
import io.rootstock.trainer.data.Objective;
import io.rootstock.trainer.data.PretrainingData;
import io.rootstock.trainer.data.References;
import io.rootstock.trainer.data.TokenReplacement;
import io.rootstock.trainer.data.TrainingData;
import io.rootstock.trainer.engine.batch.LabelLoss;
import io.rootstock.trainer.plan.MicroBatches;
import io.rootstock.trainer.schedule.Budget;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Task;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The splits of a run as batches for its task.
 *
 * @param references reference log-probabilities of preference pairs; empty for other tasks
 * @param objective loss of the task
 * @param training batches of the training split
 * @param exportSample validation rows on which the exported files are measured
 */
record RunData(References references, Objective objective, TrainingData training, HeldOutData exportSample) {
    /** Maximum tokens on which an exported file is measured; resolves differences of 0.1 % in perplexity. */
    private static final int MAX_SAMPLE_TOKENS = 8192;

    private static final int MIN_SAMPLE_TOKENS = 512;

    /** Bounds tokens times parameters of the sample of a larger model: about 10 s per file on two cores. */
    private static final double SAMPLE_WORK = 4e11;

    static RunData of(PreparedRun run, Map<String, Corpus> splits) {
        References references = new References();
        Corpus train = splits.get(DatasetManifest.TRAIN);
        Objective objective = objective(run, train, references);
        return new RunData(
                references,
                objective,
                training(run, train, objective),
                exportSample(run, splits.get(DatasetManifest.VALIDATION), objective));
    }

    private static Objective objective(PreparedRun run, Corpus train, References references) {
        Hyperparameters values = run.values();
        LabelLoss labelLoss = run.plan().task() == Task.TASK_CLASSIFICATION
                ? LabelCounts.loss(values, train, run.manifest().labels())
                : LabelLoss.PLAIN;
        return new Objective(labelLoss, references, values.getPreferenceBeta(), replacement(run));
    }

    private static TokenReplacement replacement(PreparedRun run) {
        double share = run.values().getTokenReplacement();
        return share == 0
                ? TokenReplacement.NONE
                : new TokenReplacement(
                        share,
                        run.values().getSeed(),
                        run.manifest().vocabularySize(),
                        run.tokenizerFiles().specialTokens().stream()
                                .map(TokenizerFiles.AddedToken::id)
                                .collect(Collectors.toSet()));
    }

    private static TrainingData training(PreparedRun run, Corpus train, Objective objective) {
        Hyperparameters values = run.values();
        return run.plan().task() == Task.TASK_PRETRAIN
                ? new PretrainingData(
                        train,
                        run.plan().architecture().getContextLength(),
                        values.getBatchRows(),
                        MicroBatches.of(run.plan()),
                        values.getSeed(),
                        new Curriculum(run.dataset().phases(), steps(run.plan().budget())))
                : new FineTuningData(
                        train,
                        values.getBatchRows(),
                        MicroBatches.of(run.plan()),
                        run.manifest().eosId(),
                        values.getSeed(),
                        objective);
    }

    /** Planned steps; a run that the clock ends has no curriculum. */
    private static long steps(Budget budget) {
        return switch (budget) {
            case Budget.Steps(long steps) -> steps;
            case Budget.Clock(double _, long mostSteps) -> mostSteps;
        };
    }

    private static HeldOutData exportSample(PreparedRun run, Corpus validation, Objective objective) {
        int padding = run.manifest().eosId();
        int context = run.plan().architecture().getContextLength();
        int tokens =
                (int) Math.clamp(SAMPLE_WORK / run.plan().size().parameters(), MIN_SAMPLE_TOKENS, MAX_SAMPLE_TOKENS);
        return run.plan().task() == Task.TASK_PRETRAIN
                ? HeldOutData.documents(validation, context, padding, Math.max(1, tokens / context))
                : HeldOutData.rows(validation, padding, validation.rowsOf(tokens), objective);
    }
}
