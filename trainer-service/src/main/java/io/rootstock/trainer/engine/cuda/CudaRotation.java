package io.rootstock.trainer.engine;

import io.rootstock.cuda.Geometry;
import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;

/** Rotary positions on a GPU, to heads of the wide type or, as flash attention reads them there, of the product type. */
final class CudaRotation implements Rotation {
    private static final int MOST_THREADS = 256;

    private final CudaCalls cuda;
    private final DType product;
    private final DType ofHeads;
    private final String suffix;
    private final RotaryTable rotary;
    private final int heads;
    private final int shared;
    private final int width;

    CudaRotation(CudaCalls cuda, ModelShape shape, DType product, DType ofHeads, RotaryTable rotary) {
        this.cuda = cuda;
        this.product = product;
        this.ofHeads = ofHeads;
        this.suffix = ofHeads == product ? "product" : "wide";
        this.rotary = rotary;
        this.heads = shape.heads();
        this.shared = shape.keyValueHeads();
        this.width = shape.headDimension();
    }

    /** Each [B,H,L,d] over memory [B,L,H,d]. */
    @Override
    public Heads forward(Tensor queryKeyValue, int batchRows, int length) {
        Tensor queries = Tensor.empty(ofHeads, batchRows, length, heads, width);
        Tensor keys = Tensor.empty(ofHeads, batchRows, length, heads, width);
        Tensor values = Tensor.empty(ofHeads, batchRows, length, heads, width);
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
                shared,
                width);
        return new Heads(byHead(queries), byHead(keys), byHead(values));
    }

    @Override
    public Tensor backward(Heads gradients, int batchRows, int length) {
        Tensor result = Tensor.empty(product, (long) batchRows * length, (heads + 2L * shared) * width);
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
                shared,
                width);
        return result;
    }

    private Geometry geometry(int batchRows, int length) {
        return Geometry.rows((long) batchRows * length, (heads + 2L * shared) * width / 2, MOST_THREADS);
    }

    private static long[] strides(Tensor heads) {
        long[] strides = heads.strides();
        if (strides[3] != 1) {
            throw new IllegalArgumentException("a head's values must be neighbours");
        }
        return strides;
    }

    private static Tensor byHead(Tensor byToken) {
        return Operators.TRANSPOSE.call(byToken, 1L, 2L);
    }
}
