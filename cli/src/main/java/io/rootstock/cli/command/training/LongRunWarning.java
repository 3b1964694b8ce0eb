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

/** Warning before a run of more than an hour, with a cheaper alternative. */
final class LongRunWarning {
    private static final double WARNING_SECONDS = 3600;
    /** Estimates above this are verified by measuring a few steps. */
    private static final double PROBE_SECONDS = 1200;

    private LongRunWarning() {}

    /**
     * A cheaper job.
     *
     * @param options command-line options that select it; empty if there is none
     * @param spec specification of the cheaper job
     */
    record Alternative(String options, JobSpec spec) {}

    static boolean isLong(EstimateRunResponse plan) {
        return plan.getEstimate().getSeconds() > WARNING_SECONDS;
    }

    /** Whether the estimate is not measured yet and may be long. */
    static boolean needsProbe(EstimateRunResponse plan) {
        return !plan.getEstimate().getProbed() && plan.getEstimate().getSeconds() > PROBE_SECONDS;
    }

    /**
     * The same job with LoRA instead of full fine-tuning and with a single epoch, where either is cheaper.
     *
     * @param resolved hyperparameters of the plan
     */
    static Alternative alternative(JobSpec spec, Hyperparameters resolved) {
        JobSpec.Builder cheaper = spec.toBuilder();
        Hyperparameters.Builder settings = cheaper.getHyperparametersBuilder();
        List<String> options = new ArrayList<>();
        // An extension keeps its method and is longer than the extended job.
        boolean fineTuning =
                spec.getTask() != Task.TASK_PRETRAIN && spec.getExtendedJob().isEmpty();
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
        return new Alternative(String.join(" ", options), cheaper.build());
    }

    /** Lines of the warning: the estimated time, and a hint that names the alternative or {@code --seconds}. */
    static List<String> lines(EstimateRunResponse plan, Alternative alternative, EstimateRunResponse alternativePlan) {
        String hint = alternative.options().isEmpty()
                ? "--seconds 1800 stops the run after 30 min"
                : alternative.options() + " takes about "
                        + minutes(alternativePlan.getEstimate().getSeconds());
        return List.of(
                "warning: this run takes about " + minutes(plan.getEstimate().getSeconds()) + " on this machine",
                "hint: " + hint);
    }

    private static String minutes(double seconds) {
        return Format.duration(60.0 * Math.max(1, Math.round(seconds / 60)));
    }
}
