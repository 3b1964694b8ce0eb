package io.rootstock.llama;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;

/**
 * Every native function in use, with its signature: the only place that names C symbols. {@link ForeignMetadata}
 * registers exactly these signatures and those of {@link Callback} for a native image.
 */
enum Function {
    LOAD_BACKENDS("ggml_backend_load_all_from_path", nothing(ADDRESS)),
    DEVICE_BY_TYPE("ggml_backend_dev_by_type", returning(ADDRESS, JAVA_INT)),
    DEVICE_REGISTRY("ggml_backend_dev_backend_reg", returning(ADDRESS, ADDRESS)),
    REGISTRY_FUNCTION("ggml_backend_reg_get_proc_address", returning(ADDRESS, ADDRESS, ADDRESS)),
    /** Found through {@link #REGISTRY_FUNCTION}: the CPU backends export no symbols. */
    THREADPOOL_NEW("ggml_threadpool_new", returning(ADDRESS, ADDRESS)),
    /** Found through {@link #REGISTRY_FUNCTION}: the CPU backends export no symbols. */
    THREADPOOL_FREE("ggml_threadpool_free", nothing(ADDRESS)),

    TYPE_TRAITS("ggml_get_type_traits", returning(ADDRESS, JAVA_INT)),
    /** {@code ggml_to_float_t}: each type has its own, in its traits. */
    TO_FLOAT("to_float", nothing(ADDRESS, ADDRESS, JAVA_LONG)),

    VERSION("llama_version", returning(ADDRESS)),
    SYSTEM_INFORMATION("llama_print_system_info", returning(ADDRESS)),
    BACKEND_INIT("llama_backend_init", nothing()),
    LOG_SET("llama_log_set", nothing(ADDRESS, ADDRESS)),

    MODEL_DEFAULTS("llama_model_default_params", returning(Structures.MODEL_PARAMETERS)),
    MODEL_LOAD("llama_model_load_from_file", returning(ADDRESS, ADDRESS, Structures.MODEL_PARAMETERS)),
    MODEL_FREE("llama_model_free", nothing(ADDRESS)),
    MODEL_VOCABULARY("llama_model_get_vocab", returning(ADDRESS, ADDRESS)),
    MODEL_DIMENSION("llama_model_n_embd", returning(JAVA_INT, ADDRESS)),
    MODEL_TRAINED_CONTEXT("llama_model_n_ctx_train", returning(JAVA_INT, ADDRESS)),
    MODEL_CHAT_TEMPLATE("llama_model_chat_template", returning(ADDRESS, ADDRESS, ADDRESS)),

    QUANTIZE_DEFAULTS("llama_model_quantize_default_params", returning(Structures.QUANTIZE_PARAMETERS)),
    QUANTIZE("llama_model_quantize", returning(JAVA_INT, ADDRESS, ADDRESS, ADDRESS)),

    ADAPTER_LOAD("llama_adapter_lora_init", returning(ADDRESS, ADDRESS, ADDRESS)),
    ADAPTER_FREE("llama_adapter_lora_free", nothing(ADDRESS)),

    VOCABULARY_SIZE("llama_vocab_n_tokens", returning(JAVA_INT, ADDRESS)),
    VOCABULARY_BEGIN("llama_vocab_bos", returning(JAVA_INT, ADDRESS)),
    VOCABULARY_END("llama_vocab_eos", returning(JAVA_INT, ADDRESS)),
    VOCABULARY_END_OF_GENERATION("llama_vocab_is_eog", returning(JAVA_BOOLEAN, ADDRESS, JAVA_INT)),
    VOCABULARY_IS_CONTROL("llama_vocab_is_control", returning(JAVA_BOOLEAN, ADDRESS, JAVA_INT)),
    TOKENIZE(
            "llama_tokenize",
            returning(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_BOOLEAN, JAVA_BOOLEAN)),
    TOKEN_TO_PIECE(
            "llama_token_to_piece", returning(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_BOOLEAN)),

    CONTEXT_DEFAULTS("llama_context_default_params", returning(Structures.CONTEXT_PARAMETERS)),
    CONTEXT_INIT("llama_init_from_model", returning(ADDRESS, ADDRESS, Structures.CONTEXT_PARAMETERS)),
    CONTEXT_FREE("llama_free", nothing(ADDRESS)),
    CONTEXT_MEMORY("llama_get_memory", returning(ADDRESS, ADDRESS)),
    ATTACH_THREADPOOL("llama_attach_threadpool", nothing(ADDRESS, ADDRESS, ADDRESS)),
    SET_EMBEDDINGS("llama_set_embeddings", nothing(ADDRESS, JAVA_BOOLEAN)),
    MEMORY_CLEAR("llama_memory_clear", nothing(ADDRESS, JAVA_BOOLEAN)),
    MEMORY_COPY("llama_memory_seq_cp", nothing(ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT)),
    MEMORY_REMOVE("llama_memory_seq_rm", returning(JAVA_BOOLEAN, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT)),

    STATE_SIZE("llama_state_seq_get_size", returning(JAVA_LONG, ADDRESS, JAVA_INT)),
    STATE_SAVE("llama_state_seq_get_data", returning(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT)),
    STATE_RESTORE("llama_state_seq_set_data", returning(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT)),
    SET_ABORT_CALLBACK("llama_set_abort_callback", nothing(ADDRESS, ADDRESS, ADDRESS)),
    SET_ADAPTERS("llama_set_adapters_lora", returning(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS)),

    BATCH_INIT("llama_batch_init", returning(Structures.BATCH, JAVA_INT, JAVA_INT, JAVA_INT)),
    BATCH_FREE("llama_batch_free", nothing(Structures.BATCH)),
    DECODE("llama_decode", returning(JAVA_INT, ADDRESS, Structures.BATCH)),
    OUTPUT_LOGITS("llama_get_logits", returning(ADDRESS, ADDRESS)),
    LOGITS("llama_get_logits_ith", returning(ADDRESS, ADDRESS, JAVA_INT)),
    EMBEDDINGS("llama_get_embeddings_ith", returning(ADDRESS, ADDRESS, JAVA_INT)),

    GRAMMAR("llama_sampler_init_grammar", returning(ADDRESS, ADDRESS, ADDRESS, ADDRESS)),
    SAMPLER_APPLY("llama_sampler_apply", nothing(ADDRESS, ADDRESS)),
    SAMPLER_ACCEPT("llama_sampler_accept", nothing(ADDRESS, JAVA_INT)),
    SAMPLER_CLONE("llama_sampler_clone", returning(ADDRESS, ADDRESS)),
    SAMPLER_FREE("llama_sampler_free", nothing(ADDRESS));

    private final String symbol;

    @SuppressWarnings("ImmutableEnumChecker") // immutable, but not annotated
    private final FunctionDescriptor shape;

    Function(String symbol, FunctionDescriptor shape) {
        this.symbol = symbol;
        this.shape = shape;
    }

    /** Whether the library exports it by name; the others are called through pointers. */
    boolean exported() {
        return this != THREADPOOL_NEW && this != THREADPOOL_FREE && this != TO_FLOAT;
    }

    /** Name of the C function. */
    String symbol() {
        return symbol;
    }

    /** Argument and result layouts. */
    FunctionDescriptor shape() {
        return shape;
    }

    private static FunctionDescriptor nothing(MemoryLayout... arguments) {
        return FunctionDescriptor.ofVoid(arguments);
    }

    private static FunctionDescriptor returning(MemoryLayout result, MemoryLayout... arguments) {
        return FunctionDescriptor.of(result, arguments);
    }
}
