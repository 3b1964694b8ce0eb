package io.rootstock.trainer.engine;

import io.rootstock.torch.DType;
import io.rootstock.torch.Operator;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * libtorch's fused attention on a GPU: flash attention (Dao et al. 2022) of bfloat16, and of float32, which that does not
 * have, the memory-efficient one (Rabe and Staats 2021). Both read heads of the product type.
 */
final class CudaAttention implements Attention {
    /** Widths that both read as they are; others would have to be padded. */
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

    CudaAttention(CudaCalls cuda, ModelShape shape, DType product, RotaryTable rotary) {
        if (shape.headDimension() % WIDTH_STEP != 0) {
            throw new IllegalArgumentException("on a GPU a head's width must be a multiple of " + WIDTH_STEP + ", is "
                    + shape.headDimension() + "; train on the CPU or choose other heads");
        }
        this.cuda = cuda;
        this.shape = shape;
        this.flash = product == DType.BFLOAT16;
        this.rotation = new CudaRotation(cuda, shape, product, product, rotary);
    }

    /** Checks that libtorch has the operators. */
    static void require() {
        Stream.of(FLASH, FLASH_BACKWARD, EFFICIENT, EFFICIENT_BACKWARD).forEach(Operator::require);
    }

    @Override
    public Attended forward(Tensor queryKeyValue, int batchRows, int length) {
        try (Scope scope = Scope.open()) {
            Rotation.Heads heads = rotation.forward(queryKeyValue, batchRows, length);
            List<Tensor> made = flash ? flash(heads) : efficient(heads); // output [B,H,L,d] first
            made.forEach(cuda::hold);
            Tensor byToken = Operators.TRANSPOSE.call(made.getFirst(), 1L, 2L);
            Tensor merged = Operators.RESHAPE.call(byToken, new long[] {-1, shape.headsWidth()}); // [N,Hd]
            List<Tensor> saved = new ArrayList<>();
            saved.add(queryKeyValue); // heads are split again, as in main memory
            made.forEach(tensor -> saved.add(scope.keep(tensor)));
            return new Attended(scope.keep(merged), List.copyOf(saved));
        }
    }

    /** Output, log-sum-exp, both row bounds, random state and what is unused. */
    private static List<Tensor> flash(Rotation.Heads heads) {
        return FLASH.all(heads.queries(), heads.keys(), heads.values(), 0.0, true, false, null).stream()
                .filter(Tensor.class::isInstance)
                .map(Tensor.class::cast)
                .limit(6)
                .toList();
    }

    /** Output, log-sum-exp, random seed and offset. */
    private static List<Tensor> efficient(Rotation.Heads heads) {
        return List.of(EFFICIENT.tensors(heads.queries(), heads.keys(), heads.values(), null, true, 0.0, true, null));
    }

    @Override
    public Tensor backward(Attended attended, Tensor gradient, int batchRows, int length) {
        try (Scope scope = Scope.open()) {
            List<Tensor> saved = attended.saved();
            long[] sizes = {batchRows, length, shape.heads(), shape.headDimension()};
            Tensor given = Operators.TRANSPOSE.call(Operators.VIEW.call(gradient, sizes), 1L, 2L);
            Rotation.Heads heads = rotation.forward(saved.getFirst(), batchRows, length);
            Tensor[] ofHeads =
                    flash ? flashBackward(given, heads, saved, length) : efficientBackward(given, heads, saved);
            Stream.of(ofHeads).forEach(cuda::hold);
            Rotation.Heads gradients = new Rotation.Heads(ofHeads[0], ofHeads[1], ofHeads[2]);
            return scope.keep(rotation.backward(gradients, batchRows, length));
        }
    }

    private static Tensor[] flashBackward(Tensor given, Rotation.Heads heads, List<Tensor> saved, int length) {
        return FLASH_BACKWARD.tensors(
                given,
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

    private static Tensor[] efficientBackward(Tensor given, Rotation.Heads heads, List<Tensor> saved) {
        return EFFICIENT_BACKWARD.tensors(
                given,
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
