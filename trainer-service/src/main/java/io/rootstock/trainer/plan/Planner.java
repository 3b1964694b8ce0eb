package io.rootstock.trainer.plan;

import static io.rootstock.trainer.plan.RefusedSpecException.unless;

import io.rootstock.checkpoint.gguf.Gguf;
import io.rootstock.trainer.schedule.Budget;
import io.rootstock.trainer.schedule.LearningRate;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Schedule;
import io.rootstock.trainer.v1.Task;
import java.util.Optional;

/** Resolves a spec to a plan; throws {@link RefusedSpecException} if the spec is invalid. */
public final class Planner {
    private Planner() {}

    /**
     * Resolves all automatic settings.
     *
     * @param base shape of the base model; present if the task is fine-tuning or continued pre-training
     */
    public static Plan plan(RunSpec spec, DataFacts data, Optional<Architecture> base, Machine machine) {
        checkTask(spec);
        TuningRule.checkBaseWeights(spec, machine);
        Architecture shape = switch (spec.getTask()) {
            case TASK_INSTRUCTION, TASK_CLASSIFICATION ->
                ofBase(base.orElseThrow(), data, data.longestRow(), MixtureRule.field(spec));
            case TASK_PREFERENCE -> ofBase(base.orElseThrow(), data, data.longestRow() / 2, MixtureRule.field(spec));
            case TASK_PRETRAIN, TASK_UNSPECIFIED, UNRECOGNIZED ->
                base.isPresent()
                        ? ofBase(base.get(), data, 0, MixtureRule.field(spec))
                        : ArchitectureRule.resolve(spec.getArchitecture(), data.vocabularySize());
        };
        int classes = spec.getTask() == Task.TASK_CLASSIFICATION ? data.classes() : 0;
        Hyperparameters fastest = new HyperparameterRule(spec, shape, data, machine, classes).resolve();
        Hyperparameters fitting = MemoryFit.fit(
                fastest,
                spec.getHyperparameters(),
                values -> MemoryRule.total(of(spec.getTask(), shape, classes, values, data), data),
                machine.allMemoryBytes());
        return of(spec.getTask(), shape, classes, fitting, data);
    }

    /** Creates the plan of resolved hyperparameters: a resumed run keeps them on any machine. */
    public static Plan of(Task task, Architecture shape, int classes, Hyperparameters resolved, DataFacts data) {
        double tokensPerStep = tokensPerStep(task, shape, resolved, data);
        return new Plan(
                task,
                shape,
                classes,
                resolved,
                budget(task, resolved, data, tokensPerStep),
                learningRate(resolved),
                tokensPerStep);
    }

    /**
     * Changes the number of processes of resolved hyperparameters; batches and updates do not change.
     *
     * @param asked hyperparameters of the spec; explicit threads are kept
     */
    public static Hyperparameters withRanks(
            Hyperparameters resolved, Hyperparameters asked, int ranks, Machine machine) {
        if (resolved.getRanks() == ranks || (!resolved.hasRanks() && ranks == 1)) {
            return resolved;
        }
        int threads = asked.hasThreads() ? asked.getThreads() : machine.coresOfProcess(ranks);
        return resolved.toBuilder().setRanks(ranks).setThreads(threads).build();
    }

    /** Rejects an invalid number of processes. */
    public static void checkRanks(String field, int ranks) {
        unless(
                ranks >= 1 && ranks <= HyperparameterRule.MAX_RANKS,
                field,
                "must be 1 to " + HyperparameterRule.MAX_RANKS + ", was " + ranks);
    }

    /** Rejects a spec whose task, base and dataset do not fit together. */
    public static void checkTask(RunSpec spec) {
        switch (spec.getTask()) {
            case TASK_PRETRAIN ->
                unless(
                        spec.getBaseDigest().isEmpty()
                                || spec.getArchitecture().equals(Architecture.getDefaultInstance()),
                        "architecture",
                        "must be empty with a base: the shape is the base's");
            case TASK_INSTRUCTION, TASK_CLASSIFICATION, TASK_PREFERENCE -> {
                unless(
                        !spec.getBaseDigest().isEmpty(),
                        "base_digest",
                        "must name the Hugging Face directory artifact of the base model");
                unless(
                        spec.getArchitecture().equals(Architecture.getDefaultInstance()),
                        "architecture",
                        "must be empty for fine-tuning: the shape is the base's");
                unless(
                        !spec.getHyperparameters().hasTokens(),
                        "hyperparameters.tokens",
                        "is for pre-training; fine-tuning is bounded by epochs or seconds");
            }
            case TASK_UNSPECIFIED, UNRECOGNIZED ->
                throw new RefusedSpecException(
                        "task", "must be TASK_PRETRAIN, TASK_INSTRUCTION, TASK_CLASSIFICATION or TASK_PREFERENCE");
        }
        unless(
                spec.getAdapterDigest().isEmpty() || spec.getTask() != Task.TASK_PRETRAIN,
                "adapter_digest",
                "is for fine-tuning");
        unless(
                spec.getBaseGgufDigest().isEmpty() || spec.getTask() != Task.TASK_PRETRAIN,
                "base_gguf_digest",
                "is for fine-tuning");
        MixtureRule.check(spec);
        try {
            Gguf.name(spec.getModelName());
        } catch (IllegalArgumentException e) {
            throw new RefusedSpecException("model_name", e.getMessage());
        }
        double price = spec.getDollarsPerHour();
        unless(price >= 0.0 && Double.isFinite(price), "dollars_per_hour", "must be 0 or more, was " + price);
    }

    private static Architecture ofBase(Architecture base, DataFacts data, int longestText, String dataField) {
        unless(
                base.getVocabularySize() >= data.vocabularySize(),
                dataField,
                "was prepared with a tokenizer of " + data.vocabularySize() + " tokens, the base has "
                        + base.getVocabularySize());
        unless(
                longestText <= base.getContextLength(),
                dataField,
                "has a row of " + longestText + " tokens, the base reads at most " + base.getContextLength()
                        + "; prepare the dataset with a smaller max_tokens");
        return base;
    }

    private static double tokensPerStep(Task task, Architecture shape, Hyperparameters values, DataFacts data) {
        long rows = Math.max(1, data.trainRows());
        // The last token of a text is only a target, not an input, except in classification.
        int targetsOnly = switch (task) {
            case TASK_INSTRUCTION -> 1;
            case TASK_PREFERENCE -> 2;
            case TASK_PRETRAIN, TASK_CLASSIFICATION, TASK_UNSPECIFIED, UNRECOGNIZED -> 0;
        };
        return task == Task.TASK_PRETRAIN
                ? (double) values.getBatchRows() * shape.getContextLength()
                : values.getBatchRows() * Math.max(1.0, (double) data.trainTokens() / rows - targetsOnly);
    }

    private static Budget budget(Task task, Hyperparameters values, DataFacts data, double tokensPerStep) {
        long mostSteps = Long.MAX_VALUE / 4;
        if (task == Task.TASK_PRETRAIN) {
            if (data.mostTokens() != Long.MAX_VALUE) {
                mostSteps = Math.max(1, (long) (data.mostTokens() / tokensPerStep));
            }
            if (values.hasTokens()) {
                mostSteps = Math.min(mostSteps, Math.max(1, (long) Math.ceil(values.getTokens() / tokensPerStep)));
            }
        } else if (values.hasEpochs()) {
            double rows = values.getEpochs() * data.trainRows();
            mostSteps = Math.max(1, (long) Math.ceil(rows / values.getBatchRows()));
        }
        return values.hasSeconds() ? new Budget.Clock(values.getSeconds(), mostSteps) : new Budget.Steps(mostSteps);
    }

    private static LearningRate learningRate(Hyperparameters values) {
        return values.getSchedule() == Schedule.SCHEDULE_COSINE
                ? new LearningRate.Cosine(values.getLearningRate(), values.getWarmupFraction())
                : new LearningRate.WarmupStableDecay(
                        values.getLearningRate(), values.getWarmupFraction(), values.getDecayFraction());
    }
}
