package io.rootstock.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.registry.v1.JobSpec;
import io.rootstock.trainer.v1.Estimate;
import io.rootstock.trainer.v1.EstimateRunResponse;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Optimizer;
import io.rootstock.trainer.v1.Task;
import io.rootstock.trainer.v1.TuningMethod;
import org.junit.jupiter.api.Test;

final class LongRunWarningTest {
    private static final JobSpec JOB =
            JobSpec.newBuilder().setTask(Task.TASK_CLASSIFICATION).build();
    private static final Hyperparameters FULL = Hyperparameters.newBuilder()
            .setMethod(TuningMethod.TUNING_METHOD_FULL)
            .setEpochs(3)
            .build();

    @Test
    void suggestsLoraAndOneEpochForFullFineTuning() {
        LongRunWarning.Alternative alternative = LongRunWarning.alternative(JOB, FULL);
        assertThat(alternative.options()).isEqualTo("--method lora --epochs 1");
        assertThat(alternative.spec().getHyperparameters())
                .isEqualTo(Hyperparameters.newBuilder()
                        .setMethod(TuningMethod.TUNING_METHOD_LORA)
                        .setEpochs(1)
                        .build());
        assertThat(LongRunWarning.lines(plan(12_000, true), alternative, plan(731, true)))
                .containsExactly(
                        "warning: this run takes about 3 h 20 min on this machine",
                        "hint: --method lora --epochs 1 takes about 12 min");
    }

    @Test
    void suggestsOnlyCompatibleOptions() {
        assertThat(LongRunWarning.alternative(
                                JOB,
                                FULL.toBuilder()
                                        .setOptimizer(Optimizer.OPTIMIZER_MUON)
                                        .build())
                        .options())
                .isEqualTo("--epochs 1");
        assertThat(LongRunWarning.alternative(
                                JOB, FULL.toBuilder().setTrainLastBlocks(2).build())
                        .options())
                .isEqualTo("--epochs 1");
        LongRunWarning.Alternative none = LongRunWarning.alternative(
                JOB,
                Hyperparameters.newBuilder()
                        .setMethod(TuningMethod.TUNING_METHOD_LORA)
                        .setEpochs(1)
                        .build());
        assertThat(none.options()).isEmpty();
        assertThat(LongRunWarning.lines(plan(12_000, true), none, plan(12_000, true)))
                .last()
                .isEqualTo("hint: --seconds 1800 stops the run after 30 min");
    }

    @Test
    void warnsAboveOneHourAndProbesAboveTwentyMinutes() {
        assertThat(LongRunWarning.isLong(plan(3500, true))).isFalse();
        assertThat(LongRunWarning.isLong(plan(3700, true))).isTrue();
        assertThat(LongRunWarning.needsProbe(plan(1300, false))).isTrue();
        assertThat(LongRunWarning.needsProbe(plan(1300, true))).isFalse();
        assertThat(LongRunWarning.needsProbe(plan(600, false))).isFalse();
    }

    private static EstimateRunResponse plan(double seconds, boolean probed) {
        return EstimateRunResponse.newBuilder()
                .setEstimate(Estimate.newBuilder().setSeconds(seconds).setProbed(probed))
                .build();
    }
}
