package io.rootstock.trainer.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.Precision;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepTokensTest {
    private static final ModelShape SHAPE = new ModelShape(97, 16, 1, 2, 1, 32, 64, 1e-5, 10_000, true, 0);

    /** Rows of 3, 20, 30 and 40 tokens: one replica pads the first three to 32, the other has the last row of 40. */
    @Test
    void paddingIsCountedSeparately() {
        int[] lengths = {3, 20, 30, 40};
        int[] targets = new int[4 * 40];
        Arrays.fill(targets, LanguageBatch.NO_LOSS);
        for (int row = 0; row < lengths.length; row++) {
            Arrays.fill(targets, row * 40, row * 40 + lengths[row], 5);
        }
        List<Batch> batches = List.of(new LanguageBatch(4, 40, new int[targets.length], targets));
        try (Engine engine = Engine.create(SHAPE, Precision.FLOAT32, 2)) {
            StepTokens tokens = StepTokens.of(batches, engine);
            assertThat(tokens.real()).isEqualTo(93);
            assertThat(tokens.processed()).isEqualTo(3 * 32 + 40);
            assertThat(tokens.meanLength()).isEqualTo(23);
        }
    }
}
