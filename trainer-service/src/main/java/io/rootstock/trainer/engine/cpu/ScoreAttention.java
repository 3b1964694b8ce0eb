package io.rootstock.trainer.engine;

import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import java.util.List;

/**
 * Attention by blocks of scores: a few large products, of which those that bfloat16 suffices for take it, where libtorch's
 * flash attention makes many small ones in float32. As there (Dao et al. 2022) long rows' probabilities are not kept:
 * backward makes them again from the scores and their rows' sums. Scores and softmax are float32.
 */
final class ScoreAttention implements Attention {
    /**
     * The longest rows whose probabilities are kept: there they are a fourteenth of a layer's memory (demo's model), and 4 %
     * of a step to make again. At 1,024 they would be a quarter.
     */
    private static final int LONGEST_KEPT = 256;

    private final ModelShape shape;
    private final DType product;
    private final HeadLayout layout;

    ScoreAttention(ModelShape shape, DType product, RotaryTable rotary) {
        this.shape = shape;
        this.product = product;
        this.layout = new HeadLayout(shape, product, rotary);
    }

    /**
     * Turned and split heads.
     *
     * @param queries scaled by 1/sqrt(d) [BHL,d], block by block, float32
     * @param keys [BK,L,d], float32
     * @param values [BK,L,d]
     */
    private record Heads(Tensor queries, Tensor keys, Tensor values) {
        /** Scores [BK,R,E] of a block. */
        Tensor scores(QueryBlock block) {
            return batched(block.of(queries), transposed(block.past(keys)));
        }
    }

    @Override
    public Attended forward(Tensor queryKeyValue, int batchRows, int length) {
        try (Scope scope = Scope.open()) {
            Heads heads = split(queryKeyValue, batchRows, length);
            Tensor outputs = Tensor.empty(product, heads.queries().sizes());
            Tensor logSums = Tensor.empty(DType.FLOAT32, heads.queries().sizes()[0]); // [BHL]
            List<QueryBlock> blocks = blocks(batchRows, length);
            boolean keeps = length <= LONGEST_KEPT;
            Tensor kept = keeps ? Tensor.empty(product, blocks.getLast().scoresUpToEnd()) : logSums;
            for (QueryBlock block : blocks) {
                try (Scope _ = Scope.open()) {
                    Tensor scores = heads.scores(block);
                    Tensor probabilities = keeps ? block.scores(kept) : probabilities(scores);
                    softmax(block).forward(scores, probabilities, at(logSums, block));
                    batchedInto(probabilities, block.past(heads.values()), block.of(outputs));
                }
            }
            Tensor output = layout.merge(outputs, batchRows, length); // [N,Hd]
            return new Attended(scope.keep(output), List.of(queryKeyValue, scope.keep(kept)));
        }
    }

    @Override
    public Tensor backward(Attended attended, Tensor gradient, int batchRows, int length) {
        Tensor kept = attended.saved().get(1); // probabilities or the sums that they are made of again
        try (Scope scope = Scope.open()) {
            Heads heads = split(attended.saved().get(0), batchRows, length);
            Tensor narrowQueries = narrow(heads.queries());
            Tensor narrowKeys = narrow(heads.keys());
            Tensor ofOutputs = Tensor.empty(product, heads.queries().sizes());
            Tensor alongOutputs = layout.unmerge(gradient, attended.output(), ofOutputs, batchRows, length);
            Tensor ofQueries = Tensor.empty(product, heads.queries().sizes());
            Tensor ofKeys = Tensor.zeros(DType.FLOAT32, heads.keys().sizes());
            Tensor ofValues = Tensor.zeros(DType.FLOAT32, heads.keys().sizes());
            for (QueryBlock block : blocks(batchRows, length)) {
                try (Scope _ = Scope.open()) {
                    Tensor ofOutput = block.of(ofOutputs);
                    Tensor probabilities = length <= LONGEST_KEPT ? block.scores(kept) : again(heads, block, kept);
                    layout.addPast(batched(transposed(probabilities), ofOutput), ofValues);
                    Tensor ofScores =
                            batched(ofOutput, transposed(block.past(heads.values()))); // of the probabilities at first
                    softmax(block).backward(ofScores, probabilities, at(alongOutputs, block));
                    batchedInto(ofScores, block.past(narrowKeys), block.of(ofQueries));
                    layout.addPast(batched(transposed(ofScores), block.of(narrowQueries)), ofKeys);
                }
            }
            return scope.keep(layout.join(ofQueries, ofKeys, ofValues, batchRows, length));
        }
    }

    private Tensor again(Heads heads, QueryBlock block, Tensor logSums) {
        Tensor scores = heads.scores(block);
        Tensor probabilities = probabilities(scores);
        softmax(block).again(scores, probabilities, at(logSums, block));
        return probabilities;
    }

    private Heads split(Tensor queryKeyValue, int batchRows, int length) {
        long groups = (long) batchRows * shape.keyValueHeads();
        long width = shape.headDimension();
        Tensor queries = Tensor.empty(DType.FLOAT32, (long) batchRows * shape.heads() * length, width);
        Tensor keys = Tensor.empty(DType.FLOAT32, groups, length, width);
        Tensor values = Tensor.empty(product, groups, length, width);
        layout.split(queryKeyValue, queries, keys, values, batchRows, length);
        return new Heads(queries, keys, values);
    }

    private List<QueryBlock> blocks(int batchRows, int length) {
        return QueryBlock.all(length, batchRows * shape.keyValueHeads(), shape.heads() / shape.keyValueHeads());
    }

    private CausalSoftmax softmax(QueryBlock block) {
        return new CausalSoftmax(block, product == DType.BFLOAT16);
    }

    /** Memory for them; in float32 the scores' own. */
    private Tensor probabilities(Tensor scores) {
        return product == DType.FLOAT32 ? scores : Tensor.empty(product, scores.sizes());
    }

    /** Where a block's values of one for each query begin. */
    private static long at(Tensor perQuery, QueryBlock block) {
        return perQuery.address() + Float.BYTES * block.before();
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
        batchedInto(left, right, result);
        return result;
    }

    private static void batchedInto(Tensor left, Tensor right, Tensor result) {
        Operators.BATCHED_PRODUCT_INTO.run(left, right, result);
    }

    /** [n,a,b] -> [n,b,a], a view. */
    private static Tensor transposed(Tensor tensor) {
        long[] sizes = tensor.sizes();
        long[] strides = tensor.strides();
        return tensor.strided(
                0, new long[] {sizes[0], sizes[2], sizes[1]}, new long[] {strides[0], strides[2], strides[1]});
    }
}
