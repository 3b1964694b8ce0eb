package io.rootstock.llama;

import static io.rootstock.llama.Structures.BATCH;
import static io.rootstock.llama.Structures.CONTEXT_PARAMETERS;
import static io.rootstock.llama.Structures.MODEL_PARAMETERS;
import static io.rootstock.llama.Structures.QUANTIZE_PARAMETERS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Rejects a library whose structs differ from {@link Structures}: it compares the library's version, its default
 * parameters field by field, and the position of the pointers in a new batch. A shifted field would otherwise be read
 * as another without an error.
 */
final class AbiCheck {
    private static final Pattern SUPPORTED = Pattern.compile("v?0\\.4\\..*");
    private static final Map<String, Integer> MODEL_DEFAULTS =
            Map.of("n_gpu_layers", -1, "split_mode", 1, "load_mode", -1, "lazy_mode", 1, "main_gpu", 0);
    private static final Map<String, Integer> CONTEXT_DEFAULTS = Map.ofEntries(
            Map.entry("n_ctx", 512),
            Map.entry("n_batch", 2048),
            Map.entry("n_ubatch", 512),
            Map.entry("n_seq_max", 1),
            Map.entry("n_rs_seq", 0),
            Map.entry("n_outputs_max", 0),
            Map.entry("n_outputs_max_per_seq", 1),
            Map.entry("ctx_type", 0),
            Map.entry("rope_scaling_type", -1),
            Map.entry("pooling_type", -1),
            Map.entry("attention_type", -1),
            Map.entry("flash_attn_type", -1),
            Map.entry("type_k", 1),
            Map.entry("type_v", 1));

    /** The default tensor type is GGML_TYPE_COUNT, which stands for none. */
    private static final Map<String, Integer> QUANTIZE_DEFAULTS = Map.of(
            "nthread", 0, "ftype", 7, "output_tensor_type", GgmlType.COUNT, "token_embedding_type", GgmlType.COUNT);

    private static final int Q8_0 = 8;

    private final List<String> differences = new ArrayList<>();

    private AbiCheck() {}

    static void require(NativeCalls calls) {
        String version = calls.version();
        if (!SUPPORTED.matcher(version).matches()) {
            throw new LlamaException("llama.cpp " + version + " is not supported: this binding is written for 0.4;"
                    + " use the pinned build, or point ROOTSTOCK_LLAMA at a build of v0.4.0");
        }
        AbiCheck check = new AbiCheck();
        try (Arena arena = Arena.ofConfined()) {
            check.model(calls.modelDefaults(arena));
            check.context(calls.contextDefaults(arena));
            check.quantize(calls.quantizeDefaults(arena));
            check.batch(calls, arena);
            check.types(calls);
        }
        if (!check.differences.isEmpty()) {
            throw new LlamaException("the structs of llama.cpp " + version + " are not those of v0.4.0: "
                    + String.join(", ", check.differences)
                    + "; use the pinned build, or point ROOTSTOCK_LLAMA at a build of v0.4.0");
        }
    }

    private void model(MemorySegment defaults) {
        integers(MODEL_PARAMETERS, defaults, MODEL_DEFAULTS);
        flags(MODEL_PARAMETERS, defaults, Map.of("use_extra_bufts", true));
        zeros(
                MODEL_PARAMETERS,
                defaults,
                "devices",
                "tensor_buft_overrides",
                "tensor_split",
                "progress_callback",
                "kv_overrides",
                "vocab_only",
                "check_tensors",
                "no_host",
                "no_alloc",
                "load_mtp");
    }

    private void context(MemorySegment defaults) {
        integers(CONTEXT_PARAMETERS, defaults, CONTEXT_DEFAULTS);
        flags(
                CONTEXT_PARAMETERS,
                defaults,
                Map.of("offload_kqv", true, "no_perf", true, "op_offload", true, "swa_full", true));
        zeros(
                CONTEXT_PARAMETERS,
                defaults,
                "rope_freq_base",
                "rope_freq_scale",
                "cb_eval",
                "abort_callback",
                "embeddings",
                "kv_unified",
                "samplers",
                "n_samplers",
                "ctx_other");
    }

    private void quantize(MemorySegment defaults) {
        integers(QUANTIZE_PARAMETERS, defaults, QUANTIZE_DEFAULTS);
        flags(QUANTIZE_PARAMETERS, defaults, Map.of("quantize_output_tensor", true));
        zeros(
                QUANTIZE_PARAMETERS,
                defaults,
                "allow_requantize",
                "only_copy",
                "pure",
                "keep_split",
                "dry_run",
                "imatrix",
                "kv_overrides",
                "tt_overrides",
                "prune_layers");
        if (Structures.zero(QUANTIZE_PARAMETERS, defaults, "max_buf_size")) {
            differences.add("max_buf_size is 0");
        }
    }

    private void batch(NativeCalls calls, Arena arena) {
        MemorySegment batch = calls.batchInit(arena, 1, 1);
        for (String pointer : List.of("token", "pos", "n_seq_id", "seq_id", "logits")) {
            if (Structures.zero(BATCH, batch, pointer)) {
                differences.add("llama_batch." + pointer + " is null");
            }
        }
        zeros(BATCH, batch, "n_tokens", "embd");
        calls.batchFree(batch);
    }

    private void types(NativeCalls calls) {
        GgmlType q8 = GgmlType.read(calls, Q8_0);
        if (!q8.name().equals("q8_0") || q8.blockElements() != 32 || q8.blockBytes() != 34 || !q8.dequantizes()) {
            differences.add("ggml_type_traits of q8_0 are " + q8);
        }
    }

    private void integers(StructLayout layout, MemorySegment structure, Map<String, Integer> expected) {
        expected.forEach((field, value) -> {
            int actual = Structures.integer(layout, structure, field);
            if (actual != value) {
                differences.add(field + " is " + actual + ", not " + value);
            }
        });
    }

    private void flags(StructLayout layout, MemorySegment structure, Map<String, Boolean> expected) {
        expected.forEach((field, value) -> {
            if (Structures.flag(layout, structure, field) != value) {
                differences.add(field + " is not " + value);
            }
        });
    }

    private void zeros(StructLayout layout, MemorySegment structure, String... fields) {
        for (String field : fields) {
            if (!Structures.zero(layout, structure, field)) {
                differences.add(field + " is not 0");
            }
        }
    }
}
