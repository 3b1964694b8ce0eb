package io.rootstock.trainer.plan;

import static io.rootstock.trainer.plan.RefusedSpecException.unless;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.rootstock.trainer.schedule.Budget;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.RunResolved;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Task;
import java.util.Set;
import java.util.TreeSet;

/**
 * Plans a run that continues the training of another run: with that run's resolved settings and another length. The
 * learning rate follows the schedule of the whole length from the step at which the extended run ended, or of the checkpoint
 * that the spec names; its length may then be the extended run's.
 */
public final class Extension {
    /** Hyperparameters that an extension may set. */
    private static final Set<String> CHANGEABLE = new TreeSet<>(Set.of(
            "tokens",
            "seconds",
            "epochs",
            "learning_rate",
            "schedule",
            "warmup_fraction",
            "decay_fraction",
            "validation_interval",
            "checkpoint_interval",
            "checkpoints_kept",
            "patience",
            "threads",
            "ranks"));

    private Extension() {}

    /**
     * Creates the plan.
     *
     * @param extended resolved settings of the extended run
     * @throws RefusedSpecException if the spec sets other hyperparameters, or its length is not above the extended
     *     run's, or the named checkpoint's
     */
    public static Plan plan(RunSpec spec, RunResolved extended, DataFacts data, Machine machine) {
        Hyperparameters asked = spec.getHyperparameters();
        Hyperparameters before = extended.getHyperparameters();
        for (FieldDescriptor field : asked.getAllFields().keySet()) {
            unless(
                    CHANGEABLE.contains(field.getName()),
                    "hyperparameters." + field.getName(),
                    "cannot be set for an extension, which may set " + String.join(", ", CHANGEABLE));
        }
        checkUnit(spec.getTask(), asked);
        boolean fromStep = spec.getExtendedStep() > 0;
        if (!fromStep) {
            checkLength(spec.getTask(), asked, before);
        }
        unless(
                !asked.hasLearningRate() || (asked.getLearningRate() > 0 && asked.getLearningRate() <= 10),
                "hyperparameters.learning_rate",
                "must be above 0 and at most 10, was " + asked.getLearningRate());
        Hyperparameters.Builder kept = before.toBuilder();
        if (hasLength(asked) || !fromStep) {
            kept.clearTokens().clearSeconds().clearEpochs();
        }
        Hyperparameters merged =
                kept.mergeFrom(asked.toBuilder().clearRanks().build()).build();
        unless(
                merged.getWarmupFraction() >= 0
                        && merged.getDecayFraction() >= 0
                        && merged.getWarmupFraction() + merged.getDecayFraction() <= 1,
                "hyperparameters.decay_fraction",
                "and warmup_fraction must be 0 or more and not exceed 1 together, were " + merged.getDecayFraction()
                        + " and " + merged.getWarmupFraction());
        unless(
                merged.getCheckpointInterval() > 0
                        && merged.getCheckpointsKept() > 0
                        && merged.getThreads() > 0
                        && merged.getValidationInterval() >= 0
                        && merged.getPatience() >= 0,
                "hyperparameters.checkpoint_interval",
                "checkpoints_kept and threads must be above 0, validation_interval and patience 0 or more");
        int ranks = asked.hasRanks() ? asked.getRanks() : Math.max(1, merged.getRanks());
        int classes = spec.getTask() == Task.TASK_CLASSIFICATION ? data.classes() : 0;
        Plan plan = Planner.of(
                spec.getTask(),
                extended.getArchitecture(),
                classes,
                Planner.withRanks(merged, asked, ranks, machine),
                data);
        unless(
                !(plan.budget() instanceof Budget.Steps(long all)) || spec.getExtendedStep() < all,
                "extended_step",
                "must be less than the steps of the whole training, was " + spec.getExtendedStep());
        return plan;
    }

    private static boolean hasLength(Hyperparameters asked) {
        return asked.hasTokens() || asked.hasEpochs() || asked.hasSeconds();
    }

    /**
     * Returns the share of an extension's length that the extended run has trained, 0 to 1; 0 if it is unknown.
     *
     * @param step step of the checkpoint from which the extension continues; 0: the end of the extended run
     */
    public static double trainedShare(Plan plan, RunResolved extended, DataFacts data, long step) {
        if (step > 0) {
            return plan.budget() instanceof Budget.Steps(long all) ? (double) step / all : 0;
        }
        Budget before = Planner.of(
                        plan.task(), plan.architecture(), plan.classes(), extended.getHyperparameters(), data)
                .budget();
        if (before instanceof Budget.Steps(long trained) && plan.budget() instanceof Budget.Steps(long all)) {
            return (double) trained / all;
        }
        return before instanceof Budget.Clock(double trained, long _)
                        && plan.budget() instanceof Budget.Clock(double all, long _)
                ? trained / all
                : 0;
    }

    private static String unit(Task task) {
        return task == Task.TASK_PRETRAIN ? "tokens" : "epochs";
    }

    private static void checkUnit(Task task, Hyperparameters asked) {
        boolean pretraining = task == Task.TASK_PRETRAIN;
        unless(
                !(pretraining ? asked.hasEpochs() : asked.hasTokens()),
                "hyperparameters." + (pretraining ? "epochs" : "tokens"),
                "does not bound this task; use " + unit(task) + " or seconds");
    }

    private static void checkLength(Task task, Hyperparameters asked, Hyperparameters before) {
        unless(
                hasLength(asked),
                "hyperparameters." + unit(task),
                "or seconds must be set: the length of the whole training, with the extended run's part");
        unless(
                !asked.hasTokens() || asked.getTokens() > before.getTokens(),
                "hyperparameters.tokens",
                "must be above the " + before.getTokens() + " of the extended run, was " + asked.getTokens());
        unless(
                !asked.hasEpochs() || (asked.getEpochs() > before.getEpochs() && asked.getEpochs() <= 1e6),
                "hyperparameters.epochs",
                "must be above the " + before.getEpochs() + " of the extended run and at most 1e6, was "
                        + asked.getEpochs());
        unless(
                !asked.hasSeconds() || (asked.getSeconds() > before.getSeconds() && asked.getSeconds() <= 1e9),
                "hyperparameters.seconds",
                "must be above the " + before.getSeconds() + " of the extended run and at most 1e9, was "
                        + asked.getSeconds());
    }
}
