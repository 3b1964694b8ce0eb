package io.rootstock.trainer.engine.cuda;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.cuda.Geometry;
import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.model.Kernels;
import io.rootstock.trainer.engine.model.ModelTensors;

/** RMS norms of rows and of query and key heads on a GPU. */
final class CudaNorms {
    private static final int MAX_THREADS = 256;

    private final CudaCalls cuda;
    private final DType computeType;
    private final int dimension;
    private final int heads;
    private final int kvHeads;
    private final int width;
    private final float epsilon;

    CudaNorms(CudaCalls cuda, ModelShape shape, DType computeType) {
        this.cuda = cuda;
        this.computeType = computeType;
        this.dimension = shape.dimension();
        this.heads = shape.heads();
        this.kvHeads = shape.keyValueHeads();
        this.width = shape.headDimension();
        this.epsilon = (float) shape.normEpsilon();
    }

    Kernels.Normed forward(Tensor rows, Tensor gain) {
        long count = rows.sizes()[0];
        Tensor output = Tensor.empty(computeType, count, dimension);
        Tensor inverseRms = Tensor.empty(DType.FLOAT32, count, 1);
        cuda.run("norm_forward", rows(count), rows, gain, output, inverseRms, dimension, epsilon);
        return new Kernels.Normed(output, inverseRms);
    }

    Tensor backward(
            Tensor gradient,
            Tensor rows,
            Tensor inverseRms,
            Tensor gain,
            Tensor gainGradient,
            Tensor residualGradient) {
        int count = (int) rows.sizes()[0];
        Tensor result = Tensor.empty(DType.FLOAT32, count, dimension);
        cuda.run("norm_backward", rows(count), gradient, rows, inverseRms, gain, residualGradient, result, dimension);
        if (gainGradient != null) {
            CudaColumns columns = new CudaColumns(count, dimension);
            try (Tensor partial = columns.partial()) {
                cuda.run(
                        "norm_gain",
                        columns.geometry(),
                        gradient,
                        rows,
                        inverseRms,
                        partial,
                        count,
                        dimension,
                        columns.chunk());
                columns.add(cuda, partial, gainGradient);
            }
        }
        return result;
    }

    Kernels.Normed headsForward(Tensor queryKeyValue, ModelTensors.HeadGains gains) {
        long count = queryKeyValue.sizes()[0];
        Tensor output = Tensor.empty(computeType, queryKeyValue.sizes());
        Tensor inverseRms = Tensor.empty(DType.FLOAT32, count, heads + (long) kvHeads);
        cuda.run(
                "head_norm_forward",
                heads(count),
                queryKeyValue,
                gains.queries(),
                gains.keys(),
                output,
                inverseRms,
                heads,
                kvHeads,
                width,
                epsilon);
        return new Kernels.Normed(output, inverseRms);
    }

    Tensor headsBackward(
            Tensor gradient,
            Tensor queryKeyValue,
            Tensor inverseRms,
            ModelTensors.HeadGains gains,
            ModelTensors.HeadGains gainGradients) {
        int count = (int) queryKeyValue.sizes()[0];
        Tensor result = Tensor.empty(computeType, queryKeyValue.sizes());
        cuda.run(
                "head_norm_backward",
                heads(count),
                gradient,
                queryKeyValue,
                inverseRms,
                gains.queries(),
                gains.keys(),
                result,
                heads,
                kvHeads,
                width);
        addGain(gradient, queryKeyValue, inverseRms, count, 0, heads, gainGradients.queries());
        addGain(gradient, queryKeyValue, inverseRms, count, heads, kvHeads, gainGradients.keys());
        return result;
    }

    private void addGain(Tensor gradient, Tensor input, Tensor inverseRms, int count, int from, int some, Tensor gain) {
        if (gain == null) {
            return;
        }
        CudaColumns columns = new CudaColumns(count, width);
        try (Tensor partial = columns.partial()) {
            cuda.run(
                    "head_norm_gain",
                    columns.geometry(),
                    gradient,
                    input,
                    inverseRms,
                    partial,
                    count,
                    from,
                    some,
                    heads + 2 * kvHeads,
                    heads + kvHeads,
                    width,
                    columns.chunk());
            columns.add(cuda, partial, gain);
        }
    }

    private Geometry rows(long count) {
        return Geometry.rows(count, dimension, MAX_THREADS);
    }

    private Geometry heads(long count) {
        return Geometry.rows(count * (heads + 2L * kvHeads), width, MAX_THREADS);
    }
}
