package io.rootstock.cli.command.training;

import io.rootstock.cli.display.Format;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.trainer.v1.EstimateRunResponse;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Optimizer;
import io.rootstock.trainer.v1.Task;
import io.rootstock.trainer.v1.TuningMethod;
import java.util.ArrayList;
import java.util.List;

/** A run that takes more than an hour: what the command says before it starts. */
final class LongRunWarning {
    private static final double LONG_SECONDS = 3600;
    /** From here on a few steps are measured before a run is called long or short. */
    private static final double DOUBTFUL_SECONDS = 1200;

    private LongRunWarning() {}

    /**
     * A job with less work.
     *
     * @param options that ask for it; empty where no smaller job is known
     * @param spec the whole job
     */
    record Smaller(String options, JobSpec spec) {}

    static boolean isLong(EstimateRunResponse plan) {
        return plan.getEstimate().getSeconds() > LONG_SECONDS;
    }

    /** Whether the estimate rests on the device's usual speed and may be long. */
    static boolean isDoubtful(EstimateRunResponse plan) {
        return !plan.getEstimate().getProbed() && plan.getEstimate().getSeconds() > DOUBTFUL_SECONDS;
    }

    /**
     * The same job with adapters instead of the base's weights and a single pass over the rows, as far as that is less.
     *
     * @param resolved the plan's hyperparameters
     */
    static Smaller smaller(JobSpec spec, Hyperparameters resolved) {
        JobSpec.Builder less = spec.toBuilder();
        Hyperparameters.Builder settings = less.getHyperparametersBuilder();
        List<String> options = new ArrayList<>();
        boolean fineTuning = spec.getTask() != Task.TASK_PRETRAIN;
        if (fineTuning
                && resolved.getMethod() == TuningMethod.TUNING_METHOD_FULL
                && resolved.getTrainLastBlocks() == 0
                && resolved.getOptimizer() != Optimizer.OPTIMIZER_MUON) {
            settings.setMethod(TuningMethod.TUNING_METHOD_LORA);
            options.add("--method lora");
        }
        if (fineTuning && resolved.getEpochs() > 1) {
            settings.setEpochs(1);
            options.add("--epochs 1");
        }
        return new Smaller(String.join(" ", options), less.build());
    }

    /** How long the run takes, and how long the smaller one, or what ends any run in time. */
    static List<String> lines(EstimateRunResponse plan, Smaller smaller, EstimateRunResponse smallerPlan) {
        String hint = smaller.options().isEmpty()
                ? "--seconds 1800 ends the run after 30 min"
                : smaller.options() + " takes about "
                        + minutes(smallerPlan.getEstimate().getSeconds());
        return List.of(
                "this run takes about " + minutes(plan.getEstimate().getSeconds()) + " on this machine",
                "  hint: " + hint);
    }

    private static String minutes(double seconds) {
        return Format.duration(60.0 * Math.max(1, Math.round(seconds / 60)));
    }
}
