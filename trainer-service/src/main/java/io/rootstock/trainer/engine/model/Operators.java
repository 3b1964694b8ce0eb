package io.rootstock.trainer.engine.model;

import io.rootstock.torch.Operator;
import java.util.List;

/** The libtorch operators in use, by schema. Class initialization fails if libtorch lacks one of them. */
public final class Operators {
    public static final Operator MATRIX_PRODUCT = of("mm(Tensor self, Tensor mat2) -> Tensor");
    public static final Operator MATRIX_PRODUCT_INTO =
            of("mm.out(Tensor self, Tensor mat2, *, Tensor(a!) out) -> Tensor(a!)");
    public static final Operator BATCHED_PRODUCT_INTO =
            of("bmm.out(Tensor self, Tensor mat2, *, Tensor(a!) out) -> Tensor(a!)");
    public static final Operator LINEAR = of("linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor");
    public static final Operator ATTENTION =
            of("_scaled_dot_product_flash_attention_for_cpu(Tensor query, Tensor key, Tensor"
                    + " value, float dropout_p=0.0, bool is_causal=False, *, Tensor? attn_mask=None, float? scale=None) -> (Tensor"
                    + " output, Tensor logsumexp)");
    public static final Operator ATTENTION_BACKWARD = of(
            "_scaled_dot_product_flash_attention_for_cpu_backward(Tensor grad_out,"
                    + " Tensor query, Tensor key, Tensor value, Tensor out, Tensor logsumexp, float dropout_p, bool is_causal, *,"
                    + " Tensor? attn_mask=None, float? scale=None) -> (Tensor grad_query, Tensor grad_key, Tensor grad_value)");
    public static final Operator ADAMW =
            of("_fused_adamw_(Tensor(a!)[] self, Tensor(b!)[] grads, Tensor(c!)[] exp_avgs,"
                    + " Tensor(d!)[] exp_avg_sqs, Tensor(e!)[] max_exp_avg_sqs, Tensor[] state_steps, *, float lr, float beta1,"
                    + " float beta2, float weight_decay, float eps, bool amsgrad, bool maximize, Tensor? grad_scale=None, Tensor?"
                    + " found_inf=None) -> ()");

    public static final Operator CONVERT = of(
            "_to_copy(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device?"
                    + " device=None, bool? pin_memory=None, bool non_blocking=False, MemoryFormat? memory_format=None) -> Tensor");
    public static final Operator COPY = of("copy_(Tensor(a!) self, Tensor src, bool non_blocking=False) -> Tensor(a!)");
    public static final Operator VIEW = of("view(Tensor(a) self, SymInt[] size) -> Tensor(a)");
    public static final Operator RESHAPE = of("reshape(Tensor(a) self, SymInt[] shape) -> Tensor(a)");
    public static final Operator TRANSPOSE = of("transpose.int(Tensor(a) self, int dim0, int dim1) -> Tensor(a)");
    public static final Operator NARROW =
            of("narrow(Tensor(a) self, int dim, SymInt start, SymInt length) -> Tensor(a)");
    public static final Operator CONCATENATE = of("cat(Tensor[] tensors, int dim=0) -> Tensor");
    public static final Operator SELECT_ROWS = of("index_select(Tensor self, int dim, Tensor index) -> Tensor");
    public static final Operator ROLL = of("roll(Tensor self, SymInt[1] shifts, int[1] dims=[]) -> Tensor");

    public static final Operator MULTIPLY = of("mul.Tensor(Tensor self, Tensor other) -> Tensor");
    public static final Operator MEAN =
            of("mean.dim(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor");
    public static final Operator SUM =
            of("sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor");
    public static final Operator INVERSE_ROOT = of("rsqrt(Tensor self) -> Tensor");
    public static final Operator SILU = of("silu(Tensor self) -> Tensor");
    public static final Operator SILU_BACKWARD = of("silu_backward(Tensor grad_output, Tensor self) -> Tensor");
    public static final Operator EMBEDDING_BACKWARD =
            of("embedding_dense_backward(Tensor grad_output, Tensor indices, SymInt"
                    + " num_weights, SymInt padding_idx, bool scale_grad_by_freq) -> Tensor");
    public static final Operator LOG_SOFTMAX = of("_log_softmax(Tensor self, int dim, bool half_to_float) -> Tensor");
    public static final Operator LOG_SOFTMAX_BACKWARD =
            of("_log_softmax_backward_data(Tensor grad_output, Tensor output, int"
                    + " dim, ScalarType input_dtype) -> Tensor");
    public static final Operator NEGATIVE_LIKELIHOOD =
            of("nll_loss_forward(Tensor self, Tensor target, Tensor? weight, int"
                    + " reduction, SymInt ignore_index) -> (Tensor output, Tensor total_weight)");
    public static final Operator NEGATIVE_LIKELIHOOD_BACKWARD =
            of("nll_loss_backward(Tensor grad_output, Tensor self, Tensor"
                    + " target, Tensor? weight, int reduction, SymInt ignore_index, Tensor total_weight) -> Tensor");

    static {
        List.of(
                        MATRIX_PRODUCT,
                        MATRIX_PRODUCT_INTO,
                        BATCHED_PRODUCT_INTO,
                        LINEAR,
                        ATTENTION,
                        ATTENTION_BACKWARD,
                        ADAMW,
                        CONVERT,
                        COPY,
                        VIEW,
                        RESHAPE,
                        TRANSPOSE,
                        NARROW,
                        CONCATENATE,
                        SELECT_ROWS,
                        ROLL,
                        MULTIPLY,
                        MEAN,
                        SUM,
                        INVERSE_ROOT,
                        SILU,
                        SILU_BACKWARD,
                        EMBEDDING_BACKWARD,
                        LOG_SOFTMAX,
                        LOG_SOFTMAX_BACKWARD,
                        NEGATIVE_LIKELIHOOD,
                        NEGATIVE_LIKELIHOOD_BACKWARD)
                .forEach(Operator::require);
    }

    private Operators() {}

    private static Operator of(String schema) {
        return Operator.of("aten::" + schema);
    }
}
