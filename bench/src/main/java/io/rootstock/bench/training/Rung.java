package io.rootstock.bench.training;

import io.rootstock.trainer.engine.Execution;
import io.rootstock.trainer.engine.Precision;
import io.rootstock.trainer.engine.model.Recomputation;
import java.util.List;

/**
 * A step of the ladder: the effect of one additional technique or of one changed setting.
 *
 * @param words name of the technique
 * @param row measured row
 * @param execution settings of the trainer
 */
record Rung(String words, Row row, Execution execution) {
    /** Returns the ladder: each step adds to the one before; the last two change the recomputation. */
    static List<Rung> ladder() {
        return List.of(
                new Rung("explicit backward, libtorch's operators", 1, Precision.FLOAT32, Recomputation.NONE, false),
                new Rung("kernels in the Vector API", 1, Precision.FLOAT32, Recomputation.NONE, true),
                new Rung("two replicas", 2, Precision.FLOAT32, Recomputation.NONE, true),
                new Rung("bfloat16 products", 2, Precision.BFLOAT16, Recomputation.NONE, true),
                new Rung("attention recomputed", 2, Precision.BFLOAT16, Recomputation.ATTENTION, true),
                new Rung("whole layers recomputed", 2, Precision.BFLOAT16, Recomputation.BLOCK, true));
    }

    private Rung(String words, int threads, Precision precision, Recomputation again, boolean vectorKernels) {
        this(
                words,
                new Row(Size.SMALL, 256, precision, threads, Work.PRETRAIN),
                new Execution(precision, threads, again, vectorKernels));
    }
}
