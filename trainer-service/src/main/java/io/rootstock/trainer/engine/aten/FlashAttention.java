package io.rootstock.trainer.engine;

import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import java.util.List;

/**
 * libtorch's flash attention (Dao et al. 2022) in the wide type: for float64, which {@link ScoreAttention} has not, and as the
 * implementation that the other is held against.
 */
final class FlashAttention implements Attention {
    private final ModelShape shape;
    private final Kernels kernels;
    private final Rotation rotation;

    FlashAttention(ModelShape shape, Kernels kernels, Rotation rotation) {
        this.shape = shape;
        this.kernels = kernels;
        this.rotation = rotation;
    }

    @Override
    public Attended forward(Tensor queryKeyValue, int batchRows, int length) {
        try (Scope scope = Scope.open()) {
            Rotation.Heads heads = rotation.forward(queryKeyValue, batchRows, length);
            Tensor[] attention = Operators.ATTENTION.tensors(
                    heads.queries(), heads.keys(), heads.values(), 0.0, true, null, null); // [B,H,L,d], [B,H,L]
            Tensor byToken = Operators.TRANSPOSE.call(attention[0], 1L, 2L);
            Tensor merged =
                    kernels.toProduct(Operators.RESHAPE.call(byToken, new long[] {-1, shape.headsWidth()})); // [N,Hd]
            // heads are split and turned again: repeated keys and values would take more memory than the projection
            List<Tensor> saved = List.of(queryKeyValue, scope.keep(attention[0]), scope.keep(attention[1]));
            return new Attended(scope.keep(merged), saved);
        }
    }

    @Override
    public Tensor backward(Attended attended, Tensor gradient, int batchRows, int length) {
        try (Scope scope = Scope.open()) {
            long[] sizes = {batchRows, length, shape.heads(), shape.headDimension()};
            Tensor byToken = Operators.VIEW.call(kernels.toWide(gradient), sizes);
            List<Tensor> saved = attended.saved();
            Rotation.Heads heads = rotation.forward(saved.get(0), batchRows, length);
            Tensor[] ofHeads = Operators.ATTENTION_BACKWARD.tensors(
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
            Rotation.Heads gradients = new Rotation.Heads(ofHeads[0], ofHeads[1], ofHeads[2]);
            return scope.keep(rotation.backward(gradients, batchRows, length));
        }
    }
}
