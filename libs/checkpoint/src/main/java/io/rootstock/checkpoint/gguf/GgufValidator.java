package io.rootstock.checkpoint.gguf;

import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.ModelFamily;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.tokenizer.SpecialTokenRule;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * Validates a GGUF file before native code reads it. llama.cpp aborts the process on a duplicate token, on a norm that
 * is not F32, on counts out of range and (in the middle of a long prompt) on attention that is not causal. It loads
 * without an error files that then give wrong output (ids out of range, a missing pre-tokenizer, NaN norms). All of
 * these are rejected here, with the reason.
 */
public final class GgufValidator {
    /** llama.cpp's limit; it aborts the process above it. */
    private static final int MAX_LAYERS = 512;

    /** Hint for common unsupported architectures. */
    private static final String NO_OTHERS = "; others (mistral3, gemma3, phi3, qwen3moe, ...) have other tensors";

    /** Neutral values of optional factors: the supported families do not use them. */
    private static final Map<String, Double> NEUTRAL = Map.of(
            "rope.scaling.attn_factor", 1.0,
            "attention.scale", 0.0,
            "attention.clamp_kqv", 0.0,
            "logit_scale", 1.0,
            "residual_scale", 1.0,
            "embedding_scale", 1.0,
            "final_logit_softcapping", 0.0,
            "attn_logit_softcapping", 0.0);

    private final GgufHeader header;

    private GgufValidator(GgufHeader header) {
        this.header = header;
    }

    /**
     * Validates a model.
     *
     * @return the configuration of the model
     * @throws InvalidGgufException naming the first violation
     */
    public static ModelConfig validate(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            GgufHeader header = GgufReader.read(bytes);
            ModelConfig config = new GgufValidator(header).config(bytes);
            GgufTensorTable.check(header, config.shape(), bytes);
            return config;
        }
    }

    /** Checks keys, and the names, types and shapes of the tensor table, of a file that may be partially downloaded. */
    static void checkKeys(GgufHeader header) {
        GgufValidator validator = new GgufValidator(header);
        validator.checkedFamily(header.text("general.architecture"));
        GgufTokenizer.requireByteLevel(header);
        new GgufVocabularyValidator(header).size(header.text("general.architecture"));
    }

    private ModelConfig config(MemorySegment file) {
        String architecture = header.text("general.architecture");
        ModelFamily family = checkedFamily(architecture);
        requireAtMost("split.count", 1, "the file is one part of several; join them");
        int layers = header.count(architecture + ".block_count");
        require(layers <= MAX_LAYERS, architecture + ".block_count must be 1 to " + MAX_LAYERS + ", is " + layers);
        int dimension = header.count(architecture + ".embedding_length");
        int heads = header.count(architecture + ".attention.head_count");
        require(
                header.has(architecture + ".attention.key_length") || dimension % heads == 0,
                architecture + ".attention.head_count " + heads + " does not divide " + architecture
                        + ".embedding_length " + dimension);
        int headDimension = header.has(architecture + ".attention.key_length")
                ? header.count(architecture + ".attention.key_length")
                : dimension / heads;
        require(
                !header.has(architecture + ".attention.value_length")
                        || header.count(architecture + ".attention.value_length") == headDimension,
                architecture + ".attention.value_length must be " + architecture + ".attention.key_length");
        require(
                !header.has(architecture + ".rope.dimension_count")
                        || header.count(architecture + ".rope.dimension_count") == headDimension,
                architecture + ".rope.dimension_count must be the head dimension " + headDimension + ", is "
                        + keyText(architecture + ".rope.dimension_count"));
        int vocabulary = new GgufVocabularyValidator(header).size(architecture);
        SpecialTokenRule rule = GgufSpecialTokens.read(header);
        try {
            ModelShape model = new ModelShape(
                    vocabulary,
                    dimension,
                    layers,
                    heads,
                    header.has(architecture + ".attention.head_count_kv")
                            ? header.count(architecture + ".attention.head_count_kv")
                            : heads,
                    headDimension,
                    header.count(architecture + ".feed_forward_length"),
                    header.count(architecture + ".context_length"),
                    header.real(architecture + ".attention.layer_norm_rms_epsilon"),
                    GgufRope.theta(header, architecture),
                    header.tensors().stream().noneMatch(tensor -> tensor.name().equals("output.weight")),
                    0,
                    family,
                    GgufRope.scaling(header, architecture, headDimension, file));
            return new ModelConfig(model, rule.bosId(), List.of(rule.eosId()));
        } catch (IllegalArgumentException e) {
            throw new InvalidGgufException("the shape is impossible: " + e.getMessage());
        }
    }

    private ModelFamily checkedFamily(String architecture) {
        ModelFamily family = ModelFamily.ofArchitecture(architecture)
                .orElseThrow(() -> new InvalidGgufException(
                        "the architecture must be llama, qwen2 or qwen3, is " + architecture + NO_OTHERS));
        require(
                !header.has("general.type") || header.text("general.type").equals("model"),
                "general.type must be model, is " + keyText("general.type")
                        + "; an adapter is imported with its base: rootstock models import NAME FILE --base MODEL");
        require(
                !Gguf.DEFAULT_NAME.equals(header.keys().get("general.name")) || header.has(Gguf.EXPORT_VERSION_KEY),
                "the file was exported by an earlier version, which did not write whether BOS is added to a text; export"
                        + " the model again: rootstock models export MODEL DIR, then rootstock models import NAME DIR/huggingface");
        for (String count : List.of("expert_count", "expert_used_count", "expert_group_count")) {
            requireAtMost(architecture + "." + count, 0, "models of experts are not served");
        }
        requireAtMost(architecture + ".nextn_predict_layers", 0, "layers that predict further tokens are not served");
        requireWhatIsComputed(architecture);
        return family;
    }

    /** Rejects keys of unsupported computations; some affect llama.cpp only for prompts longer than a batch. */
    private void requireWhatIsComputed(String architecture) {
        String width = architecture + ".embedding_length";
        require(
                !header.has(width + "_out") || header.count(width + "_out") == header.count(width),
                width + "_out must be " + width + ", is " + keyText(width + "_out"));
        String causal = architecture + ".attention.causal";
        require(
                !header.has(causal) || Boolean.TRUE.equals(header.keys().get(causal)),
                causal + " must be true, is " + keyText(causal));
        for (Map.Entry<String, Double> neutral : NEUTRAL.entrySet()) {
            String key = architecture + "." + neutral.getKey();
            require(
                    !header.has(key) || neutral.getValue().equals(header.keys().get(key)),
                    "key " + key + " must be " + neutral.getValue() + " or missing, is " + keyText(key)
                            + ": this computation is not supported");
        }
    }

    private String keyText(String key) {
        return String.valueOf(header.keys().get(key));
    }

    private void requireAtMost(String key, long most, String otherwise) {
        require(header.integer(key).orElse(0L) <= most, otherwise + ": key " + key + " is " + keyText(key));
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new InvalidGgufException(otherwise);
        }
    }
}
