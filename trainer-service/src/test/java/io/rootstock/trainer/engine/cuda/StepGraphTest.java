package io.rootstock.trainer.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.trainer.engine.Samples;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.BatchLimits;
import io.rootstock.trainer.engine.batch.BatchShard;
import io.rootstock.trainer.engine.batch.ClassificationBatch;
import io.rootstock.trainer.engine.batch.LabelLoss;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.engine.batch.PreferenceBatch;
import io.rootstock.trainer.engine.cuda.CudaCalls.Input;
import io.rootstock.trainer.engine.model.Tuning;
import io.rootstock.trainer.engine.optimizer.Muon;
import io.rootstock.trainer.engine.optimizer.Optimizer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The inputs of a captured step must equal those that the model uploads. */
class StepGraphTest {
    private static final Optimizer.Settings SETTINGS = new Optimizer.Settings(0.9, 0.95, 1e-8, 0.1, 1);

    private static HostCalls host;

    @BeforeAll
    static void compile() throws Exception {
        host = HostCalls.compiled(DType.FLOAT32);
    }

    @ParameterizedTest
    @MethodSource("io.rootstock.trainer.engine.Samples#shapeStream")
    void matchTheUploadsOfTheModel(ModelShape shape) {
        requireSame(shape, Samples.batch(shape, 3, shape.contextLength(), 1));
    }

    @Test
    void matchForRowsWithATargetAtEveryPosition() {
        ModelShape shape = Samples.shapes().getFirst();
        int[] tokens = new int[2 * shape.contextLength()];
        Arrays.setAll(tokens, index -> index % 7);
        requireSame(shape, new LanguageBatch(2, shape.contextLength(), tokens, tokens));
    }

    @Test
    void matchForClassWeightsAndLabelSmoothing() {
        ModelShape shape = Samples.shapes().getLast();
        Batch plain = Samples.batch(shape, 3, shape.contextLength(), 1);
        ClassificationBatch classes = (ClassificationBatch) plain;
        LabelLoss smooth = new LabelLoss(new double[] {1, 2, 3, 4, 5}, 0.1, 0);
        requireSame(
                shape,
                new ClassificationBatch(
                        3, shape.contextLength(), classes.tokens(), classes.lastPositions(), classes.labels(), smooth));
    }

    private static void requireSame(ModelShape shape, Batch batch) {
        BatchShard shard = BatchShard.splitForTraining(batch, 1, BatchLimits.of(shape), false)
                .getFirst();
        try (Scope _ = Scope.open()) {
            RecordedCalls calls = new RecordedCalls(host);
            try (HostModel host = HostModel.of(shape, DType.FLOAT32, calls)) {
                host.model().lossAndGradient(shard, 0.25, host.gradients());
                List<Input> planned = StepGraph.inputs(shard, host.model(), 0.25, true);
                assertThat(planned).hasSameSizeAs(calls.inputs());
                for (int index = 0; index < planned.size(); index++) {
                    assertThat(planned.get(index).type())
                            .isEqualTo(calls.inputs().get(index).type());
                    assertThat(planned.get(index)
                                    .values()
                                    .mismatch(calls.inputs().get(index).values()))
                            .as("input " + index)
                            .isEqualTo(-1);
                }
            }
        }
    }

    @Test
    void inputsOfWrongSizesAreRejected() {
        List<Input> inputs = List.of(Input.of(new int[3]), Input.of(new double[] {1}));
        CudaPlan.requireSizes(List.of(12L, 8L), inputs);
        assertThatThrownBy(() -> CudaPlan.requireSizes(List.of(12L, 16L), inputs))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("inputs of [12, 16] bytes, was given [12, 8]");
        assertThatThrownBy(() -> CudaPlan.requireSizes(List.of(12L), inputs)).hasMessageContaining("[12] bytes");
    }

    @Test
    void unplannedInputsAreRejected() {
        List<Long> planned = List.of(12L, 8L);
        CudaPlan.requireNext(planned, 1, Input.of(new float[2]));
        assertThatThrownBy(() -> CudaPlan.requireNext(planned, 0, Input.of(new float[2])))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("input 0 has 8 bytes; planned were [12, 8]");
        assertThatThrownBy(() -> CudaPlan.requireNext(planned, 2, Input.of(new float[2])))
                .hasMessageContaining("input 2 has 8 bytes");
        assertThatThrownBy(() -> CudaPlan.requireAll(planned, 1)).hasMessageContaining("1 of 2 planned inputs");
    }

    @Test
    void stepShapesAreEqualIfAllSizesAreEqual() {
        ModelShape shape = Samples.shapes().get(1);
        List<BatchShard> shards = shards(shape, 1, shape.contextLength());
        assertThat(StepGraph.Shape.of(shards)).isEqualTo(StepGraph.Shape.of(shards(shape, 1, shape.contextLength())));
        assertThat(StepGraph.Shape.of(shards))
                .isNotEqualTo(StepGraph.Shape.of(shards(shape, 1, shape.contextLength() - 1)));
        assertThat(StepGraph.Shape.of(shards))
                .isNotEqualTo(StepGraph.Shape.of(shards(shape, 2, shape.contextLength())));
    }

    @Test
    void stepsThatCannotBeCapturedAreRejectedWithAReason() {
        ModelShape shape = Samples.shapes().get(1);
        List<BatchShard> shards = shards(shape, 1, shape.contextLength());
        assertThat(StepGraph.refusal(setup(shape, 1), SETTINGS, shards)).isEmpty();
        assertThat(StepGraph.refusal(setup(shape, 2), SETTINGS, shards))
                .contains("gradients are summed over processes");
        Optimizer.Settings muon = new Optimizer.Settings(0.9, 0.95, 1e-8, 0.1, 1, Optional.of(Muon.Settings.DEFAULT));
        assertThat(StepGraph.refusal(setup(shape, 1), muon, shards))
                .hasValueSatisfying(reason -> assertThat(reason).contains("Muon"));
        assertThat(StepGraph.refusal(setup(Samples.shapes().get(3), 1), SETTINGS, shards))
                .contains("matrix products with biases allocate memory");
        PreferenceBatch pairs = Samples.pairs(shape, 2, shape.contextLength(), 0.1, 1);
        assertThat(StepGraph.refusal(
                        setup(shape, 1), SETTINGS, BatchShard.split(pairs, 1, BatchLimits.of(shape), false)))
                .hasValueSatisfying(reason -> assertThat(reason).contains("DPO"));
    }

    private static StepGraph.Setup setup(ModelShape shape, int processes) {
        return new StepGraph.Setup(shape, new Tuning.Full(), processes);
    }

    private static List<BatchShard> shards(ModelShape shape, int rows, int length) {
        int[] tokens = new int[rows * length];
        return BatchShard.split(new LanguageBatch(rows, length, tokens, tokens), 1, BatchLimits.of(shape), false);
    }
}
