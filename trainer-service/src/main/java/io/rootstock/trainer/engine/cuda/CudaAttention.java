package io.rootstock.trainer.engine.cuda;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.DType;
import io.rootstock.torch.Operator;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.batch.RowSpans;
import io.rootstock.trainer.engine.model.Attention;
import io.rootstock.trainer.engine.model.Operators;
import io.rootstock.trainer.engine.model.RotaryTable;
import io.rootstock.trainer.engine.model.Rotation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * libtorch's fused attention on a GPU: flash attention (Dao et al. 2022) for bfloat16, and memory-efficient attention (Rabe
 * and Staats 2021) for float32, which flash attention does not support. Heads have the compute type.
 */
final class CudaAttention implements Attention {
    /** Head widths must be a multiple of this; other widths would need padding. */
    static final int WIDTH_STEP = 8;

    private static final Operator FLASH = Operator.of("aten::_scaled_dot_product_flash_attention(Tensor query, Tensor"
            + " key, Tensor value, float dropout_p=0.0, bool is_causal=False, bool return_debug_mask=False, *, float?"
            + " scale=None) -> (Tensor output, Tensor logsumexp, Tensor cum_seq_q, Tensor cum_seq_k, SymInt max_q, SymInt"
            + " max_k, Tensor rng_state, Tensor unused, Tensor debug_attn_mask)");
    private static final Operator FLASH_BACKWARD = Operator.of(
            "aten::_scaled_dot_product_flash_attention_backward(Tensor grad_out, Tensor query, Tensor key, Tensor"
                    + " value, Tensor out, Tensor logsumexp, Tensor cum_seq_q, Tensor cum_seq_k, SymInt max_q, SymInt"
                    + " max_k, float dropout_p, bool is_causal, Tensor philox_seed, Tensor philox_offset, *, float?"
                    + " scale=None) -> (Tensor grad_query, Tensor grad_key, Tensor grad_value)");
    private static final Operator EFFICIENT = Operator.of("aten::_scaled_dot_product_efficient_attention(Tensor query,"
            + " Tensor key, Tensor value, Tensor? attn_bias, bool compute_log_sumexp, float dropout_p=0.0, bool"
            + " is_causal=False, *, float? scale=None) -> (Tensor output, Tensor log_sumexp, Tensor philox_seed, Tensor"
            + " philox_offset)");
    private static final Operator EFFICIENT_BACKWARD = Operator.of(
            "aten::_scaled_dot_product_efficient_attention_backward(Tensor grad_out_, Tensor query, Tensor key, Tensor"
                    + " value, Tensor attn_bias, Tensor out, Tensor logsumexp, Tensor philox_seed, Tensor philox_offset,"
                    + " float dropout_p, bool[4] grad_input_mask, bool is_causal=False, *, float? scale=None) -> (Tensor,"
                    + " Tensor, Tensor, Tensor)");

    private final CudaCalls cuda;
    private final ModelShape shape;
    private final boolean flash;
    private final CudaRotation rotation;

    CudaAttention(CudaCalls cuda, ModelShape shape, DType computeType, RotaryTable rotary) {
        if (shape.headDimension() % WIDTH_STEP != 0) {
            throw new IllegalArgumentException("on a GPU the head width must be a multiple of " + WIDTH_STEP + ", was "
                    + shape.headDimension() + "; train on the CPU or choose other heads");
        }
        this.cuda = cuda;
        this.shape = shape;
        this.flash = computeType == DType.BFLOAT16;
        this.rotation = new CudaRotation(cuda, shape, computeType, computeType, rotary);
    }

    /** Checks that libtorch has the operators; fails otherwise. */
    static void require() {
        Stream.of(FLASH, FLASH_BACKWARD, EFFICIENT, EFFICIENT_BACKWARD).forEach(Operator::require);
    }

    @Override
    public Attended forward(Tensor queryKeyValue, RowSpans.Block block) {
        try (Scope scope = Scope.open()) {
            Rotation.Heads heads = rotation.forward(queryKeyValue, block.rows(), block.length());
            List<Tensor> results = flash ? flash(heads) : efficient(heads); // output [B,H,L,d] first
            results.forEach(cuda::hold);
            Tensor byToken = Operators.TRANSPOSE.call(results.getFirst(), 1L, 2L);
            Tensor merged = Operators.RESHAPE.call(byToken, new long[] {-1, shape.headsWidth()}); // [N,Hd]
            List<Tensor> saved = new ArrayList<>();
            saved.add(queryKeyValue); // the backward pass splits and rotates it again
            results.forEach(tensor -> saved.add(scope.keep(tensor)));
            return new Attended(scope.keep(merged), List.copyOf(saved));
        }
    }

    /** Output [B,H,L,d], log-sum-exp, cumulative lengths of queries and keys, random state, and an unused tensor. */
    private static List<Tensor> flash(Rotation.Heads heads) {
        return FLASH.all(heads.queries(), heads.keys(), heads.values(), 0.0, true, false, null).stream()
                .filter(Tensor.class::isInstance)
                .map(Tensor.class::cast)
                .limit(6)
                .toList();
    }

    /** Output [B,H,L,d], log-sum-exp, random seed and offset. */
    private static List<Tensor> efficient(Rotation.Heads heads) {
        return List.of(EFFICIENT.tensors(heads.queries(), heads.keys(), heads.values(), null, true, 0.0, true, null));
    }

    @Override
    public Tensor backward(Attended attended, Tensor gradient, RowSpans.Block block) {
        try (Scope scope = Scope.open()) {
            List<Tensor> saved = attended.saved();
            long[] sizes = {block.rows(), block.length(), shape.heads(), shape.headDimension()};
            Tensor dOutput = Operators.TRANSPOSE.call(Operators.VIEW.call(gradient, sizes), 1L, 2L);
            Rotation.Heads heads = rotation.forward(saved.getFirst(), block.rows(), block.length());
            Tensor[] dHeads = flash
                    ? flashBackward(dOutput, heads, saved, block.length())
                    : efficientBackward(dOutput, heads, saved);
            Stream.of(dHeads).forEach(cuda::hold);
            Rotation.Heads gradients = new Rotation.Heads(dHeads[0], dHeads[1], dHeads[2]);
            return scope.keep(rotation.backward(gradients, block.rows(), block.length()));
        }
    }

    private static Tensor[] flashBackward(Tensor dOutput, Rotation.Heads heads, List<Tensor> saved, int length) {
        return FLASH_BACKWARD.tensors(
                dOutput,
                heads.queries(),
                heads.keys(),
                heads.values(),
                saved.get(1),
                saved.get(2),
                saved.get(3),
                saved.get(4),
                (long) length,
                (long) length,
                0.0,
                true,
                saved.get(5),
                saved.get(6),
                null);
    }

    private static Tensor[] efficientBackward(Tensor dOutput, Rotation.Heads heads, List<Tensor> saved) {
        return EFFICIENT_BACKWARD.tensors(
                dOutput,
                heads.queries(),
                heads.keys(),
                heads.values(),
                Tensor.undefined(),
                saved.get(1),
                saved.get(2),
                saved.get(3),
                saved.get(4),
                0.0,
                new boolean[] {true, true, true, false},
                true,
                null);
    }
}
