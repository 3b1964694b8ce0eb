package io.rootstock.trainer.engine.cuda;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.cuda.Geometry;
import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.model.Operators;
import io.rootstock.trainer.engine.model.RotaryTable;
import io.rootstock.trainer.engine.model.Rotation;

/** Rotary embedding on a GPU, with heads of the master type, or of the compute type for flash attention. */
final class CudaRotation implements Rotation {
    private static final int MAX_THREADS = 256;

    private final CudaCalls cuda;
    private final DType computeType;
    private final DType headType;
    private final String suffix;
    private final RotaryTable rotary;
    private final int heads;
    private final int kvHeads;
    private final int width;

    /**
     * A rotation for a model.
     *
     * @param computeType type of the fused projection
     * @param headType type of the heads: the compute type or float32
     */
    CudaRotation(CudaCalls cuda, ModelShape shape, DType computeType, DType headType, RotaryTable rotary) {
        this.cuda = cuda;
        this.computeType = computeType;
        this.headType = headType;
        this.suffix = headType == computeType ? "compute" : "master";
        this.rotary = rotary;
        this.heads = shape.heads();
        this.kvHeads = shape.keyValueHeads();
        this.width = shape.headDimension();
    }

    /** Returns heads [B,H,L,d] as views of memory in the order [B,L,H,d]. */
    @Override
    public Heads forward(Tensor queryKeyValue, int batchRows, int length) {
        Tensor queries = Tensor.empty(headType, batchRows, length, heads, width);
        Tensor keys = Tensor.empty(headType, batchRows, length, heads, width);
        Tensor values = Tensor.empty(headType, batchRows, length, heads, width);
        cuda.run(
                "rotate_" + suffix,
                geometry(batchRows, length),
                queryKeyValue,
                rotary.cosines(),
                rotary.sines(),
                queries,
                keys,
                values,
                length,
                heads,
                kvHeads,
                width);
        return new Heads(byHead(queries), byHead(keys), byHead(values));
    }

    @Override
    public Tensor backward(Heads gradients, int batchRows, int length) {
        Tensor result = Tensor.empty(computeType, (long) batchRows * length, (heads + 2L * kvHeads) * width);
        long[] query = strides(gradients.queries());
        long[] key = strides(gradients.keys());
        long[] value = strides(gradients.values());
        cuda.run(
                "rotate_back_" + suffix,
                geometry(batchRows, length),
                gradients.queries(),
                query[0],
                query[1],
                query[2],
                gradients.keys(),
                key[0],
                key[1],
                key[2],
                gradients.values(),
                value[0],
                value[1],
                value[2],
                rotary.cosines(),
                rotary.sines(),
                result,
                length,
                heads,
                kvHeads,
                width);
        return result;
    }

    private Geometry geometry(int batchRows, int length) {
        return Geometry.rows((long) batchRows * length, (heads + 2L * kvHeads) * width / 2, MAX_THREADS);
    }

    private static long[] strides(Tensor heads) {
        long[] strides = heads.strides();
        if (strides[3] != 1) {
            throw new IllegalArgumentException("the elements of a head must be contiguous");
        }
        return strides;
    }

    private static Tensor byHead(Tensor byToken) {
        return Operators.TRANSPOSE.call(byToken, 1L, 2L);
    }
}
