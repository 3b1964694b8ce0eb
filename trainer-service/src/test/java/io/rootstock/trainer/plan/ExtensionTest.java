package io.rootstock.trainer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.trainer.schedule.Budget;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.RunResolved;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Task;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExtensionTest {
    private static final Machine MACHINE = Machine.here();
    private static final DataFacts DATA = DataFacts.hypothetical(300, 1_000_000);
    private static final RunSpec SPEC = RunSpec.newBuilder()
            .setTask(Task.TASK_PRETRAIN)
            .setArchitecture(Architecture.newBuilder()
                    .setDepth(2)
                    .setDimension(32)
                    .setHeads(2)
                    .setContextLength(32))
            .setHyperparameters(Hyperparameters.newBuilder().setTokens(12_800).setBatchRows(4))
            .build();
    private static final Plan PLAN = Planner.plan(SPEC, DATA, Optional.empty(), MACHINE);
    private static final RunResolved EXTENDED = RunResolved.newBuilder()
            .setArchitecture(PLAN.architecture())
            .setHyperparameters(PLAN.hyperparameters())
            .build();

    @Test
    void theResolvedSettingsStayExceptTheLength() {
        Plan plan = plan(Hyperparameters.newBuilder().setTokens(25_600));
        assertThat(PLAN.budget()).isEqualTo(new Budget.Steps(100));
        assertThat(plan.budget()).isEqualTo(new Budget.Steps(200));
        assertThat(plan.architecture()).isEqualTo(PLAN.architecture());
        assertThat(plan.hyperparameters())
                .isEqualTo(PLAN.hyperparameters().toBuilder().setTokens(25_600).build());
        assertThat(plan(Hyperparameters.newBuilder().setSeconds(60).setLearningRate(0.5))
                        .hyperparameters())
                .isEqualTo(PLAN.hyperparameters().toBuilder()
                        .clearTokens()
                        .setSeconds(60)
                        .setLearningRate(0.5)
                        .build());
    }

    @Test
    void thePartThatIsTrainedIsKnownIfBothLengthsHaveOneUnit() {
        assertThat(Extension.trainedShare(plan(Hyperparameters.newBuilder().setTokens(51_200)), EXTENDED, DATA, 0))
                .isEqualTo(0.25);
        assertThat(Extension.trainedShare(plan(Hyperparameters.newBuilder().setSeconds(60)), EXTENDED, DATA, 0))
                .isZero();
    }

    @Test
    void otherSettingsAndLengthsAreRefusedByField() {
        assertRefused("hyperparameters.tokens", Hyperparameters.newBuilder());
        assertRefused("hyperparameters.tokens", Hyperparameters.newBuilder().setTokens(12_800));
        assertRefused("hyperparameters.epochs", Hyperparameters.newBuilder().setEpochs(2));
        assertRefused("hyperparameters.seconds", Hyperparameters.newBuilder().setSeconds(0));
        Hyperparameters.Builder longer = Hyperparameters.newBuilder().setTokens(25_600);
        assertRefused("hyperparameters.seed", longer.clone().setSeed(2));
        assertRefused("hyperparameters.batch_rows", longer.clone().setBatchRows(8));
        assertRefused("hyperparameters.learning_rate", longer.clone().setLearningRate(-1));
        assertRefused("hyperparameters.decay_fraction", longer.clone().setDecayFraction(1.5));
    }

    @Test
    void fromACheckpointTheLengthMayStayAndMustBeBehindIt() {
        RunSpec branch = SPEC.toBuilder()
                .setExtendedStep(60)
                .setHyperparameters(Hyperparameters.newBuilder().setLearningRate(0.25))
                .build();
        Plan plan = Extension.plan(branch, EXTENDED, DATA, MACHINE);
        assertThat(plan.budget()).isEqualTo(new Budget.Steps(100));
        assertThat(plan.hyperparameters())
                .isEqualTo(
                        PLAN.hyperparameters().toBuilder().setLearningRate(0.25).build());
        assertThat(Extension.trainedShare(plan, EXTENDED, DATA, 60)).isEqualTo(0.6);
        RunSpec.Builder shorter = branch.toBuilder();
        shorter.getHyperparametersBuilder().setTokens(60 * 128);
        assertThatThrownBy(() -> Extension.plan(shorter.build(), EXTENDED, DATA, MACHINE))
                .isInstanceOf(RefusedSpecException.class)
                .hasMessageContaining("extended_step");
        shorter.getHyperparametersBuilder().setTokens(61 * 128);
        assertThat(Extension.plan(shorter.build(), EXTENDED, DATA, MACHINE).budget())
                .isEqualTo(new Budget.Steps(61));
    }

    private static Plan plan(Hyperparameters.Builder changes) {
        return Extension.plan(SPEC.toBuilder().setHyperparameters(changes).build(), EXTENDED, DATA, MACHINE);
    }

    private static void assertRefused(String field, Hyperparameters.Builder changes) {
        assertThatThrownBy(() -> plan(changes))
                .isInstanceOfSatisfying(
                        RefusedSpecException.class, e -> assertThat(e.field()).isEqualTo(field));
    }
}
