package io.rootstock.trainer.engine.aten;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.model.Operators;
import io.rootstock.trainer.engine.model.RotaryTable;
import io.rootstock.trainer.engine.model.Rotation;

/**
 * Rotary embeddings by libtorch's operators.
 *
 * @param shape hyperparameters of the model
 * @param masterType type of the heads
 * @param computeType type of the fused projection
 * @param rotary cosines and sines, master type
 */
public record AtenRotation(ModelShape shape, DType masterType, DType computeType, RotaryTable rotary)
        implements Rotation {
    @Override
    public Heads forward(Tensor queryKeyValue, int batchRows, int length) {
        int heads = shape.heads();
        int kvHeads = shape.keyValueHeads();
        try (Scope scope = Scope.open()) {
            long[] sizes = {batchRows, length, heads + 2L * kvHeads, shape.headDimension()};
            Tensor all = Operators.VIEW.call(converted(queryKeyValue, masterType), sizes);
            Tensor unrotated = Operators.NARROW.call(all, 2L, 0L, heads + kvHeads);
            Tensor rotated = Operators.MULTIPLY
                    .call(unrotated, cosines(length))
                    .plus(Operators.MULTIPLY.call(rollHalf(unrotated), sines(length)), 1);
            Tensor queries = Operators.NARROW.call(rotated, 2L, 0L, heads);
            return new Heads(
                    scope.keep(Operators.TRANSPOSE.call(queries, 1L, 2L)),
                    scope.keep(repeat(Operators.NARROW.call(rotated, 2L, heads, kvHeads))),
                    scope.keep(repeat(Operators.NARROW.call(all, 2L, heads + kvHeads, kvHeads))));
        }
    }

    @Override
    public Tensor backward(Heads gradients, int batchRows, int length) {
        try (Scope scope = Scope.open()) {
            Tensor queries = Operators.TRANSPOSE.call(gradients.queries(), 1L, 2L);
            Tensor rotated = Operators.CONCATENATE.call(new Tensor[] {queries, unrepeat(gradients.keys())}, 2L);
            Tensor back = Operators.MULTIPLY
                    .call(rotated, cosines(length))
                    .plus(rollHalf(Operators.MULTIPLY.call(rotated, sines(length))), 1);
            Tensor all = Operators.CONCATENATE.call(new Tensor[] {back, unrepeat(gradients.values())}, 2L);
            long width = (shape.heads() + 2L * shape.keyValueHeads()) * shape.headDimension();
            return scope.keep(converted(
                    Operators.VIEW.call(all, new long[] {(long) batchRows * length, width}), computeType));
        }
    }

    private static Tensor converted(Tensor tensor, DType type) {
        return tensor.dtype() == type ? tensor : Operators.CONVERT.call(tensor, type);
    }

    private Tensor cosines(int length) {
        return rotary.cosines().slice(0, length, 1, shape.headDimension());
    }

    private Tensor sines(int length) {
        return rotary.sines().slice(0, length, 1, shape.headDimension());
    }

    private Tensor rollHalf(Tensor heads) {
        return Operators.ROLL.call(heads, new long[] {shape.headDimension() / 2}, new long[] {-1});
    }

    /** [B,L,K,d] to [B,H,L,d]: repeats each key-value head for the query heads of its group. */
    private Tensor repeat(Tensor heads) {
        int group = shape.heads() / shape.keyValueHeads();
        long[] sizes = heads.sizes();
        long[] strides = heads.strides();
        Tensor repeated = heads.strided(0, new long[] {sizes[0], sizes[1], sizes[2], group, sizes[3]}, new long[] {
            strides[0], strides[1], strides[2], 0, strides[3]
        });
        long[] merged = {sizes[0], sizes[1], sizes[2] * group, sizes[3]};
        return Operators.TRANSPOSE.call(Operators.RESHAPE.call(repeated, merged), 1L, 2L);
    }

    /** [B,H,L,d] to [B,L,K,d]: sums the gradients of each group. */
    private Tensor unrepeat(Tensor repeated) {
        long group = shape.heads() / shape.keyValueHeads();
        Tensor heads = Operators.TRANSPOSE.call(repeated, 1L, 2L);
        long[] sizes = heads.sizes();
        long[] strides = heads.strides();
        Tensor grouped =
                heads.strided(0, new long[] {sizes[0], sizes[1], sizes[2] / group, group, sizes[3]}, new long[] {
                    strides[0], strides[1], strides[2] * group, strides[2], strides[3]
                });
        return Operators.SUM.call(grouped, new long[] {3});
    }
}
