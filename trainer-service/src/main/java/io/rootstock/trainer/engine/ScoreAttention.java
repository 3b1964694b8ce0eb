package io.rootstock.trainer.engine;

import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import java.util.List;

/**
 * Attention with all scores of a layer in memory. For rows that are not long, a few large products in bfloat16 take much
 * less time than flash attention's many small ones in float32 (in float32 they take as much). Scores and softmax are float32; what the other
 * products read has the product type. Query heads that share keys and values lie one below the other, G to a group, so
 * that a group is one product and nothing is repeated.
 */
final class ScoreAttention implements Attention {
    private final ModelShape shape;
    private final DType product;
    private final HeadLayout layout;

    ScoreAttention(ModelShape shape, DType product, RotaryTable rotary) {
        this.shape = shape;
        this.product = product;
        this.layout = new HeadLayout(shape, product, rotary);
    }

    @Override
    public Attended forward(Tensor queryKeyValue, int batchRows, int length) {
        long groups = (long) batchRows * shape.keyValueHeads();
        long grouped = (long) shape.heads() / shape.keyValueHeads() * length;
        long width = shape.headDimension();
        try (Scope scope = Scope.open()) {
            Tensor queries = Tensor.empty(DType.FLOAT32, groups, grouped, width); // scaled by 1/sqrt(d)
            Tensor keys = Tensor.empty(DType.FLOAT32, groups, length, width);
            Tensor values = Tensor.empty(product, groups, length, width);
            layout.split(queryKeyValue, queries, keys, values, batchRows, length);
            Tensor scores = batched(queries, transposed(keys)); // [BK,GL,L]
            Tensor probabilities = Tensor.empty(product, groups, grouped, length);
            CausalSoftmax.forward(scores, probabilities, product);
            Tensor output = layout.merge(batched(probabilities, values), batchRows, length); // [N,Hd]
            List<Tensor> saved = List.of(
                    scope.keep(narrow(queries)),
                    scope.keep(narrow(keys)),
                    scope.keep(values),
                    scope.keep(probabilities));
            return new Attended(scope.keep(output), saved);
        }
    }

    @Override
    public Tensor backward(Attended attended, Tensor gradient, int batchRows, int length) {
        Tensor queries = attended.saved().get(0); // [BK,GL,d]
        Tensor keys = attended.saved().get(1); // [BK,L,d]
        Tensor values = attended.saved().get(2);
        Tensor probabilities = attended.saved().get(3); // [BK,GL,L]
        try (Scope scope = Scope.open()) {
            Tensor ofOutput = Tensor.empty(product, queries.sizes());
            float[] alongOutput = layout.unmerge(gradient, attended.output(), ofOutput, batchRows, length);
            Tensor ofValues = batched(transposed(probabilities), ofOutput); // [BK,L,d]
            Tensor ofScores = batched(ofOutput, transposed(values)); // [BK,GL,L], of the probabilities at first
            CausalSoftmax.backward(ofScores, probabilities, alongOutput, product);
            Tensor ofQueries = batched(ofScores, keys);
            Tensor ofKeys = batched(transposed(ofScores), queries);
            return scope.keep(layout.join(ofQueries, ofKeys, ofValues, batchRows, length));
        }
    }

    private Tensor narrow(Tensor wide) {
        if (product == DType.FLOAT32) {
            return wide;
        }
        Tensor narrow = Tensor.empty(product, wide.sizes());
        Operators.COPY.run(narrow, wide);
        return narrow;
    }

    private static Tensor batched(Tensor left, Tensor right) {
        Tensor result = Tensor.empty(left.dtype(), left.sizes()[0], left.sizes()[1], right.sizes()[2]);
        Operators.BATCHED_PRODUCT_INTO.run(left, right, result);
        return result;
    }

    /** [n,a,b] -> [n,b,a], a view. */
    private static Tensor transposed(Tensor tensor) {
        long[] sizes = tensor.sizes();
        return tensor.strided(
                0, new long[] {sizes[0], sizes[2], sizes[1]}, new long[] {sizes[1] * sizes[2], 1, sizes[2]});
    }
}
