package io.rootstock.trainer.engine.aten;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.batch.RowSpans;
import io.rootstock.trainer.engine.model.Attention;
import io.rootstock.trainer.engine.model.Kernels;
import io.rootstock.trainer.engine.model.Operators;
import io.rootstock.trainer.engine.model.Rotation;
import java.util.List;

/**
 * libtorch's flash attention for the CPU (Dao et al. 2022) in the master type: for float64, and as the reference for other
 * implementations.
 */
public final class FlashAttention implements Attention {
    private final ModelShape shape;
    private final Kernels kernels;
    private final Rotation rotation;

    /** Attention for a model; the kernels convert between the types, the rotation splits the heads. */
    public FlashAttention(ModelShape shape, Kernels kernels, Rotation rotation) {
        this.shape = shape;
        this.kernels = kernels;
        this.rotation = rotation;
    }

    @Override
    public Attended forward(Tensor queryKeyValue, RowSpans.Block block) {
        try (Scope scope = Scope.open()) {
            Rotation.Heads heads = rotation.forward(queryKeyValue, block.rows(), block.length());
            Tensor[] attention = Operators.ATTENTION.tensors(
                    heads.queries(), heads.keys(), heads.values(), 0.0, true, null, null); // [B,H,L,d], [B,H,L]
            Tensor byToken = Operators.TRANSPOSE.call(attention[0], 1L, 2L);
            Tensor merged = kernels.toComputeType(
                    Operators.RESHAPE.call(byToken, new long[] {-1, shape.headsWidth()})); // [N,Hd]
            // the backward pass splits and rotates again: repeated keys and values take more memory than the projection
            List<Tensor> saved = List.of(queryKeyValue, scope.keep(attention[0]), scope.keep(attention[1]));
            return new Attended(scope.keep(merged), saved);
        }
    }

    @Override
    public Tensor backward(Attended attended, Tensor gradient, RowSpans.Block block) {
        try (Scope scope = Scope.open()) {
            long[] sizes = {block.rows(), block.length(), shape.heads(), shape.headDimension()};
            Tensor byToken = Operators.VIEW.call(kernels.toMasterType(gradient), sizes);
            List<Tensor> saved = attended.saved();
            Rotation.Heads heads = rotation.forward(saved.get(0), block.rows(), block.length());
            Tensor[] dHeads = Operators.ATTENTION_BACKWARD.tensors(
                    Operators.TRANSPOSE.call(byToken, 1L, 2L),
                    heads.queries(),
                    heads.keys(),
                    heads.values(),
                    saved.get(1),
                    saved.get(2),
                    0.0,
                    true,
                    null,
                    null);
            Rotation.Heads gradients = new Rotation.Heads(dHeads[0], dHeads[1], dHeads[2]);
            return scope.keep(rotation.backward(gradients, block.rows(), block.length()));
        }
    }
}
