package io.rootstock.trainer.engine;

import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;

/** Rotary positions by libtorch's operators. */
record AtenRotation(ModelShape shape, DType wide, DType product, RotaryTable rotary) implements Rotation {
    @Override
    public Heads forward(Tensor queryKeyValue, int batchRows, int length) {
        int heads = shape.heads();
        int shared = shape.keyValueHeads();
        try (Scope scope = Scope.open()) {
            long[] sizes = {batchRows, length, heads + 2L * shared, shape.headDimension()};
            Tensor all = Operators.VIEW.call(converted(queryKeyValue, wide), sizes);
            Tensor turning = Operators.NARROW.call(all, 2L, 0L, heads + shared);
            Tensor turned = Operators.MULTIPLY
                    .call(turning, cosines(length))
                    .plus(Operators.MULTIPLY.call(rollHalf(turning), sines(length)), 1);
            Tensor queries = Operators.NARROW.call(turned, 2L, 0L, heads);
            return new Heads(
                    scope.keep(Operators.TRANSPOSE.call(queries, 1L, 2L)),
                    scope.keep(repeat(Operators.NARROW.call(turned, 2L, heads, shared))),
                    scope.keep(repeat(Operators.NARROW.call(all, 2L, heads + shared, shared))));
        }
    }

    @Override
    public Tensor backward(Heads gradients, int batchRows, int length) {
        try (Scope scope = Scope.open()) {
            Tensor queries = Operators.TRANSPOSE.call(gradients.queries(), 1L, 2L);
            Tensor turned = Operators.CONCATENATE.call(new Tensor[] {queries, unrepeat(gradients.keys())}, 2L);
            Tensor back = Operators.MULTIPLY
                    .call(turned, cosines(length))
                    .plus(rollHalf(Operators.MULTIPLY.call(turned, sines(length))), 1);
            Tensor all = Operators.CONCATENATE.call(new Tensor[] {back, unrepeat(gradients.values())}, 2L);
            long width = (shape.heads() + 2L * shape.keyValueHeads()) * shape.headDimension();
            return scope.keep(converted(
                    Operators.VIEW.call(all, new long[] {(long) batchRows * length, width}), product));
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

    /** [B,L,K,d] -> [B,H,L,d]: each shared head once per query head of its group. */
    private Tensor repeat(Tensor shared) {
        int group = shape.heads() / shape.keyValueHeads();
        long[] sizes = shared.sizes();
        long[] strides = shared.strides();
        Tensor repeated = shared.strided(0, new long[] {sizes[0], sizes[1], sizes[2], group, sizes[3]}, new long[] {
            strides[0], strides[1], strides[2], 0, strides[3]
        });
        long[] merged = {sizes[0], sizes[1], sizes[2] * group, sizes[3]};
        return Operators.TRANSPOSE.call(Operators.RESHAPE.call(repeated, merged), 1L, 2L);
    }

    /** [B,H,L,d] -> [B,L,K,d]: sums each group's gradients. */
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
