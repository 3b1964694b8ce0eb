package io.rootstock.llama;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * The structs of llama.cpp v0.4.0 ({@code include/llama.h}) that are passed by value, field by field. They change
 * between releases, so {@link AbiCheck} compares them with the library's defaults before all other calls.
 */
final class Structures {
    /** {@code llama_model_params}. */
    static final StructLayout MODEL_PARAMETERS = structLayout(
            ADDRESS.withName("devices"),
            ADDRESS.withName("tensor_buft_overrides"),
            JAVA_INT.withName("n_gpu_layers"),
            JAVA_INT.withName("split_mode"),
            JAVA_INT.withName("load_mode"),
            JAVA_INT.withName("lazy_mode"),
            JAVA_INT.withName("main_gpu"),
            padding(4),
            ADDRESS.withName("tensor_split"),
            ADDRESS.withName("progress_callback"),
            ADDRESS.withName("progress_callback_user_data"),
            ADDRESS.withName("kv_overrides"),
            JAVA_BOOLEAN.withName("vocab_only"),
            JAVA_BOOLEAN.withName("check_tensors"),
            JAVA_BOOLEAN.withName("use_extra_bufts"),
            JAVA_BOOLEAN.withName("no_host"),
            JAVA_BOOLEAN.withName("no_alloc"),
            JAVA_BOOLEAN.withName("load_mtp"),
            padding(2));

    /** {@code llama_context_params}. */
    static final StructLayout CONTEXT_PARAMETERS = structLayout(
            JAVA_INT.withName("n_ctx"),
            JAVA_INT.withName("n_batch"),
            JAVA_INT.withName("n_ubatch"),
            JAVA_INT.withName("n_seq_max"),
            JAVA_INT.withName("n_rs_seq"),
            JAVA_INT.withName("n_outputs_max"),
            JAVA_INT.withName("n_outputs_max_per_seq"),
            JAVA_INT.withName("n_threads"),
            JAVA_INT.withName("n_threads_batch"),
            JAVA_INT.withName("ctx_type"),
            JAVA_INT.withName("rope_scaling_type"),
            JAVA_INT.withName("pooling_type"),
            JAVA_INT.withName("attention_type"),
            JAVA_INT.withName("flash_attn_type"),
            JAVA_FLOAT.withName("rope_freq_base"),
            JAVA_FLOAT.withName("rope_freq_scale"),
            JAVA_FLOAT.withName("yarn_ext_factor"),
            JAVA_FLOAT.withName("yarn_attn_factor"),
            JAVA_FLOAT.withName("yarn_beta_fast"),
            JAVA_FLOAT.withName("yarn_beta_slow"),
            JAVA_INT.withName("yarn_orig_ctx"),
            JAVA_FLOAT.withName("defrag_thold"),
            ADDRESS.withName("cb_eval"),
            ADDRESS.withName("cb_eval_user_data"),
            JAVA_INT.withName("type_k"),
            JAVA_INT.withName("type_v"),
            ADDRESS.withName("abort_callback"),
            ADDRESS.withName("abort_callback_data"),
            JAVA_BOOLEAN.withName("embeddings"),
            JAVA_BOOLEAN.withName("offload_kqv"),
            JAVA_BOOLEAN.withName("no_perf"),
            JAVA_BOOLEAN.withName("op_offload"),
            JAVA_BOOLEAN.withName("swa_full"),
            JAVA_BOOLEAN.withName("kv_unified"),
            padding(2),
            ADDRESS.withName("samplers"),
            JAVA_LONG.withName("n_samplers"),
            ADDRESS.withName("ctx_other"));

    /** {@code llama_batch}. */
    static final StructLayout BATCH = structLayout(
            JAVA_INT.withName("n_tokens"),
            padding(4),
            ADDRESS.withName("token"),
            ADDRESS.withName("embd"),
            ADDRESS.withName("pos"),
            ADDRESS.withName("n_seq_id"),
            ADDRESS.withName("seq_id"),
            ADDRESS.withName("logits"));

    /** {@code llama_token_data}. */
    static final StructLayout TOKEN_DATA =
            structLayout(JAVA_INT.withName("id"), JAVA_FLOAT.withName("logit"), JAVA_FLOAT.withName("p"));

    /** {@code llama_token_data_array}. */
    static final StructLayout TOKEN_DATA_ARRAY = structLayout(
            ADDRESS.withName("data"),
            JAVA_LONG.withName("size"),
            JAVA_LONG.withName("selected"),
            JAVA_BOOLEAN.withName("sorted"),
            padding(7));

    /** {@code ggml_type_traits}. */
    static final StructLayout TYPE_TRAITS = structLayout(
            ADDRESS.withName("type_name"),
            JAVA_LONG.withName("blck_size"),
            JAVA_LONG.withName("blck_size_interleave"),
            JAVA_LONG.withName("type_size"),
            JAVA_BOOLEAN.withName("is_quantized"),
            padding(7),
            ADDRESS.withName("to_float"),
            ADDRESS.withName("from_float_ref"));

    /** {@code llama_model_quantize_params}. */
    static final StructLayout QUANTIZE_PARAMETERS = structLayout(
            JAVA_INT.withName("nthread"),
            JAVA_INT.withName("ftype"),
            JAVA_INT.withName("output_tensor_type"),
            JAVA_INT.withName("token_embedding_type"),
            JAVA_BOOLEAN.withName("allow_requantize"),
            JAVA_BOOLEAN.withName("quantize_output_tensor"),
            JAVA_BOOLEAN.withName("only_copy"),
            JAVA_BOOLEAN.withName("pure"),
            JAVA_BOOLEAN.withName("keep_split"),
            JAVA_BOOLEAN.withName("dry_run"),
            padding(2),
            ADDRESS.withName("imatrix"),
            ADDRESS.withName("kv_overrides"),
            ADDRESS.withName("tt_overrides"),
            ADDRESS.withName("prune_layers"),
            JAVA_LONG.withName("max_buf_size"));

    /** {@code ggml_threadpool_params}, with {@code GGML_MAX_N_THREADS} = 512. */
    static final StructLayout THREADPOOL_PARAMETERS = structLayout(
            MemoryLayout.sequenceLayout(512, JAVA_BYTE).withName("cpumask"),
            JAVA_INT.withName("n_threads"),
            JAVA_INT.withName("prio"),
            JAVA_INT.withName("poll"),
            JAVA_BOOLEAN.withName("strict_cpu"),
            JAVA_BOOLEAN.withName("paused"),
            padding(2));

    private Structures() {}

    static int integer(StructLayout layout, MemorySegment structure, String field) {
        return structure.get(JAVA_INT, layout.byteOffset(groupElement(field)));
    }

    static long longInteger(StructLayout layout, MemorySegment structure, String field) {
        return structure.get(JAVA_LONG, layout.byteOffset(groupElement(field)));
    }

    static boolean flag(StructLayout layout, MemorySegment structure, String field) {
        return structure.get(JAVA_BYTE, layout.byteOffset(groupElement(field))) != 0;
    }

    static MemorySegment address(StructLayout layout, MemorySegment structure, String field) {
        return structure.get(ADDRESS, layout.byteOffset(groupElement(field)));
    }

    static void set(StructLayout layout, MemorySegment structure, String field, int value) {
        structure.set(JAVA_INT, layout.byteOffset(groupElement(field)), value);
    }

    static void set(StructLayout layout, MemorySegment structure, String field, boolean value) {
        structure.set(JAVA_BOOLEAN, layout.byteOffset(groupElement(field)), value);
    }

    static void set(StructLayout layout, MemorySegment structure, String field, long value) {
        structure.set(JAVA_LONG, layout.byteOffset(groupElement(field)), value);
    }

    static void set(StructLayout layout, MemorySegment structure, String field, MemorySegment value) {
        structure.set(ADDRESS, layout.byteOffset(groupElement(field)), value);
    }

    /** Whether a field is zero in all its bytes, whatever its type. */
    static boolean zero(StructLayout layout, MemorySegment structure, String field) {
        ValueLayout type = (ValueLayout) layout.select(groupElement(field));
        long offset = layout.byteOffset(groupElement(field));
        return switch (type) {
            case AddressLayout _ -> structure.get(ADDRESS, offset).address() == 0;
            case ValueLayout.OfLong _ -> structure.get(JAVA_LONG, offset) == 0;
            case ValueLayout.OfBoolean _ -> structure.get(JAVA_BYTE, offset) == 0;
            case ValueLayout.OfFloat _ -> structure.get(JAVA_FLOAT, offset) == 0;
            default -> structure.get(JAVA_INT, offset) == 0;
        };
    }

    private static MemoryLayout padding(long bytes) {
        return MemoryLayout.paddingLayout(bytes);
    }
}
