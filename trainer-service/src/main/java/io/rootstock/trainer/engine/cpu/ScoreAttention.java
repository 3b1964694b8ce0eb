package io.rootstock.trainer.engine.cpu;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.batch.RowSpans;
import io.rootstock.trainer.engine.model.Attention;
import io.rootstock.trainer.engine.model.Operators;
import io.rootstock.trainer.engine.model.RotaryTable;
import java.util.List;

/**
 * Attention by blocks of scores: a few large matrix products, in bfloat16 where that is precise enough, instead of the many
 * small float32 products of libtorch's flash attention. Scores and softmax are float32. For long rows the backward pass
 * recomputes the probabilities from the scores and their log-sums, as in flash attention (Dao et al. 2022). See decision
 * 0103. Rows of different lengths are padded here alone: a causal mask hides the padding behind a row from its tokens.
 */
final class ScoreAttention implements Attention {
    /**
     * Maximum row length at which probabilities are kept. At this length they take 1/14 of a layer's activations in the
     * demo's model, and recomputing them takes 4 % of a step; at 1,024 tokens they would take 1/4.
     */
    private static final int MAX_KEPT_LENGTH = 256;

    /** Rows of similar length are computed together: many small products cost more than this share of padding. */
    private static final double MAX_PADDING = 0.25;

    private final ModelShape shape;
    private final DType computeType;
    private final HeadLayout layout;

    ScoreAttention(ModelShape shape, DType computeType, RotaryTable rotary) {
        this.shape = shape;
        this.computeType = computeType;
        this.layout = new HeadLayout(shape, computeType, rotary);
    }

    /**
     * Split and rotated heads.
     *
     * @param queries divided by sqrt(d) [BHL,d], block by block, float32
     * @param keys [BK,L,d], float32
     * @param values [BK,L,d], compute type
     */
    private record Heads(Tensor queries, Tensor keys, Tensor values) {
        /** Scores Q K^T / sqrt(d) of a block [BK,R,E], float32. */
        Tensor scores(QueryBlock block) {
            return batched(block.of(queries), transposed(block.past(keys)));
        }
    }

    @Override
    public double maxPadding() {
        return MAX_PADDING;
    }

    @Override
    public Attended forward(Tensor queryKeyValue, RowSpans.Block rows) {
        try (Scope scope = Scope.open()) {
            Heads heads = split(queryKeyValue, rows);
            Tensor outputs = Tensor.empty(computeType, heads.queries().sizes());
            Tensor logSums = Tensor.empty(DType.FLOAT32, heads.queries().sizes()[0]); // [BHL]
            List<QueryBlock> blocks = blocks(rows);
            boolean keeps = rows.length() <= MAX_KEPT_LENGTH;
            Tensor kept = keeps ? Tensor.empty(computeType, blocks.getLast().scoresUpToEnd()) : logSums;
            for (QueryBlock block : blocks) {
                try (Scope _ = Scope.open()) {
                    Tensor scores = heads.scores(block);
                    Tensor probabilities = keeps ? block.scores(kept) : probabilities(scores);
                    softmax(block).forward(scores, probabilities, at(logSums, block));
                    batchedInto(probabilities, block.past(heads.values()), block.of(outputs));
                }
            }
            Tensor output = layout.merge(outputs, rows); // [N,Hd]
            return new Attended(scope.keep(output), List.of(queryKeyValue, scope.keep(kept)));
        }
    }

    @Override
    public Tensor backward(Attended attended, Tensor gradient, RowSpans.Block rows) {
        Tensor kept = attended.saved().get(1); // probabilities, or the log-sums to recompute them
        try (Scope scope = Scope.open()) {
            Heads heads = split(attended.saved().get(0), rows);
            Tensor computeQueries = toComputeType(heads.queries());
            Tensor computeKeys = toComputeType(heads.keys());
            Tensor dOutputs = Tensor.empty(computeType, heads.queries().sizes());
            Tensor outputDots = layout.unmerge(gradient, attended.output(), dOutputs, rows);
            Tensor dQueries = Tensor.empty(computeType, heads.queries().sizes());
            Tensor dKeys = Tensor.zeros(DType.FLOAT32, heads.keys().sizes());
            Tensor dValues = Tensor.zeros(DType.FLOAT32, heads.keys().sizes());
            for (QueryBlock block : blocks(rows)) {
                try (Scope _ = Scope.open()) {
                    Tensor dOutput = block.of(dOutputs);
                    Tensor probabilities =
                            rows.length() <= MAX_KEPT_LENGTH ? block.scores(kept) : recompute(heads, block, kept);
                    layout.addPast(batched(transposed(probabilities), dOutput), dValues);
                    // dP, which the softmax's backward pass replaces by dS
                    Tensor dScores = batched(dOutput, transposed(block.past(heads.values())));
                    softmax(block).backward(dScores, probabilities, at(outputDots, block));
                    batchedInto(dScores, block.past(computeKeys), block.of(dQueries));
                    layout.addPast(batched(transposed(dScores), block.of(computeQueries)), dKeys);
                }
            }
            return scope.keep(layout.join(dQueries, dKeys, dValues, rows));
        }
    }

    /** Recomputes the probabilities of a block [BK,R,E]. */
    private Tensor recompute(Heads heads, QueryBlock block, Tensor logSums) {
        Tensor scores = heads.scores(block);
        Tensor probabilities = probabilities(scores);
        softmax(block).recompute(scores, probabilities, at(logSums, block));
        return probabilities;
    }

    private Heads split(Tensor queryKeyValue, RowSpans.Block rows) {
        long groups = (long) rows.rows() * shape.keyValueHeads();
        long width = shape.headDimension();
        Tensor queries =
                Tensor.empty(DType.FLOAT32, groups / shape.keyValueHeads() * shape.heads() * rows.length(), width);
        Tensor keys = Tensor.empty(DType.FLOAT32, groups, rows.length(), width);
        Tensor values = Tensor.empty(computeType, groups, rows.length(), width);
        layout.split(queryKeyValue, queries, keys, values, rows);
        return new Heads(queries, keys, values);
    }

    private List<QueryBlock> blocks(RowSpans.Block rows) {
        return QueryBlock.all(
                rows.length(), rows.rows() * shape.keyValueHeads(), shape.heads() / shape.keyValueHeads());
    }

    private CausalSoftmax softmax(QueryBlock block) {
        return new CausalSoftmax(block, computeType == DType.BFLOAT16);
    }

    /** Memory for the probabilities of these scores; float32 reuses the memory of the scores. */
    private Tensor probabilities(Tensor scores) {
        return computeType == DType.FLOAT32 ? scores : Tensor.empty(computeType, scores.sizes());
    }

    /** Address of a block's first element in a float32 tensor with one element per query [BHL]. */
    private static long at(Tensor perQuery, QueryBlock block) {
        return perQuery.address() + Float.BYTES * block.before();
    }

    private Tensor toComputeType(Tensor tensor) {
        if (computeType == DType.FLOAT32) {
            return tensor;
        }
        Tensor converted = Tensor.empty(computeType, tensor.sizes());
        Operators.COPY.run(converted, tensor);
        return converted;
    }

    private static Tensor batched(Tensor left, Tensor right) {
        Tensor result = Tensor.empty(left.dtype(), left.sizes()[0], left.sizes()[1], right.sizes()[2]);
        batchedInto(left, right, result);
        return result;
    }

    private static void batchedInto(Tensor left, Tensor right, Tensor result) {
        Operators.BATCHED_PRODUCT_INTO.run(left, right, result);
    }

    /** View of [n,a,b] as [n,b,a]. */
    private static Tensor transposed(Tensor tensor) {
        long[] sizes = tensor.sizes();
        long[] strides = tensor.strides();
        return tensor.strided(
                0, new long[] {sizes[0], sizes[2], sizes[1]}, new long[] {strides[0], strides[2], strides[1]});
    }
}
