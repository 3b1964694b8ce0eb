package io.rootstock.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Judges a GGUF file before any native code sees it. llama.cpp ends the process on a duplicate token, on a norm that
 * is not F32, on counts out of bounds and (in the middle of a long prompt) on attention that is not causal, and loads without complaint what then answers wrongly (ids out of
 * range, a missing pre-tokenizer, NaN norms). All of these are refused here, with the reason.
 */
public final class GgufValidator {
    /** llama.cpp's own limit; it ends the process beyond it. */
    private static final int MOST_LAYERS = 512;

    /** Normal, unknown, control, user-defined, unused, byte: 1 to 6. */
    private static final int LAST_TOKEN_TYPE = 6;

    private static final Set<String> PRE_TOKENIZERS = Set.of("gpt-2", "llama-bpe", "dbrx", "qwen2", "smollm", "tekken");

    /** Architectures that people try, and why they are refused: their shape is not the one that is checked here. */
    private static final String NO_OTHERS = "; others (mistral3, gemma3, phi3, qwen3moe, ...) have other tensors";

    private final GgufHeader header;

    private GgufValidator(GgufHeader header) {
        this.header = header;
    }

    /**
     * Checks a model.
     *
     * @return its shape
     * @throws InvalidGgufException naming the first reason not to load it
     */
    public static LlamaConfig validate(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            GgufHeader header = GgufReader.read(bytes);
            LlamaConfig config = new GgufValidator(header).config();
            GgufTensorTable.check(header, config, bytes);
            return config;
        }
    }

    private LlamaConfig config() {
        String architecture = header.text("general.architecture");
        ModelFamily family = ModelFamily.ofArchitecture(architecture)
                .orElseThrow(() -> new InvalidGgufException(
                        "the architecture must be llama, qwen2 or qwen3, is " + architecture + NO_OTHERS));
        require(
                !header.has("general.type") || header.text("general.type").equals("model"),
                "general.type must be model, is " + keyText("general.type"));
        require(
                !Gguf.EXPORTED_NAME.equals(header.keys().get("general.name")) || header.has(Gguf.EXPORT_VERSION_KEY),
                "the file was exported by an earlier version, which did not write whether BOS is added to a text; export"
                        + " the model again: rootstock models export MODEL DIR, then rootstock models import NAME DIR/huggingface");
        requireAtMost("split.count", 1, "the file is one part of several; join them");
        for (String count : List.of("expert_count", "expert_used_count", "expert_group_count")) {
            requireAtMost(architecture + "." + count, 0, "models of experts are not served");
        }
        requireAtMost(architecture + ".nextn_predict_layers", 0, "layers that predict further tokens are not served");
        requireWhatIsComputed(architecture);
        int layers = header.count(architecture + ".block_count");
        require(layers <= MOST_LAYERS, architecture + ".block_count must be 1 to " + MOST_LAYERS + ", is " + layers);
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
                header.count(architecture + ".rope.dimension_count") == headDimension,
                architecture + ".rope.dimension_count must be the head dimension " + headDimension + ", is "
                        + header.count(architecture + ".rope.dimension_count"));
        int vocabulary = checkedVocabulary(architecture);
        SpecialTokenRule rule = GgufSpecialTokens.read(header);
        try {
            return new LlamaConfig(
                    vocabulary,
                    dimension,
                    layers,
                    heads,
                    header.count(architecture + ".attention.head_count_kv"),
                    headDimension,
                    header.count(architecture + ".feed_forward_length"),
                    header.count(architecture + ".context_length"),
                    header.real(architecture + ".attention.layer_norm_rms_epsilon"),
                    header.real(architecture + ".rope.freq_base"),
                    header.tensors().stream().noneMatch(tensor -> tensor.name().equals("output.weight")),
                    rule.bosId(),
                    List.of(rule.eosId()),
                    family,
                    scaling(architecture));
        } catch (IllegalArgumentException e) {
            throw new InvalidGgufException("the shape is impossible: " + e.getMessage());
        }
    }

    /** Keys that llama.cpp obeys, some of them only once a prompt is longer than what it computes at once. */
    private void requireWhatIsComputed(String architecture) {
        String width = architecture + ".embedding_length";
        require(
                !header.has(width + "_out") || header.count(width + "_out") == header.count(width),
                width + "_out must be " + width + ", is " + keyText(width + "_out"));
        String causal = architecture + ".attention.causal";
        require(
                !header.has(causal) || Boolean.TRUE.equals(header.keys().get(causal)),
                causal + " must be true, is " + keyText(causal));
        for (String factor : List.of("rope.scaling.factor", "rope.scaling.attn_factor", "rope.scale_linear")) {
            if (header.has(architecture + "." + factor)) {
                header.real(architecture + "." + factor);
            }
        }
    }

    /**
     * What the keys say; Llama 3's factors are a tensor, which llama.cpp applies by itself and which is left out here.
     */
    private RopeScaling scaling(String architecture) {
        String type = architecture + ".rope.scaling.type";
        if (!header.has(type) || header.text(type).equals("none")) {
            return RopeScaling.NONE;
        }
        require(header.text(type).equals("linear"), type + " must be none or linear, is " + header.text(type));
        return new RopeScaling.Linear(header.real(architecture + ".rope.scaling.factor"));
    }

    private int checkedVocabulary(String architecture) {
        require(
                header.text("tokenizer.ggml.model").equals("gpt2"),
                "tokenizer.ggml.model must be gpt2, is " + header.text("tokenizer.ggml.model"));
        String pre = header.text("tokenizer.ggml.pre");
        require(
                PRE_TOKENIZERS.contains(pre),
                "tokenizer.ggml.pre must be one of "
                        + PRE_TOKENIZERS.stream().sorted().toList() + ", is " + pre);
        List<String> tokens = header.texts("tokenizer.ggml.tokens");
        require(
                header.count(architecture + ".vocab_size") == tokens.size(),
                architecture + ".vocab_size is " + header.count(architecture + ".vocab_size")
                        + " and tokenizer.ggml.tokens has " + tokens.size());
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            require(!tokens.get(id).isEmpty(), "token " + id + " is empty");
            Integer first = ids.put(tokens.get(id), id);
            require(first == null, "tokens " + first + " and " + id + " are the same: " + tokens.get(id));
        }
        List<Long> types = header.integers("tokenizer.ggml.token_type");
        require(
                types.size() == tokens.size(),
                "tokenizer.ggml.token_type has " + types.size() + " elements for " + tokens.size() + " tokens");
        for (int id = 0; id < types.size(); id++) {
            require(
                    types.get(id) >= Gguf.TOKEN_NORMAL && types.get(id) <= LAST_TOKEN_TYPE,
                    "token " + id + " has the unknown type " + types.get(id));
        }
        for (String letter : ByteAlphabet.letters()) {
            Integer id = ids.get(letter);
            require(id != null || !ByteAlphabet.necessary(letter), "there is no token for the byte " + letter);
            require(
                    id == null || types.get(id) == Gguf.TOKEN_NORMAL,
                    "the token of the byte " + letter + " must be a normal one");
        }
        checkMerges(new HashSet<>(tokens));
        return tokens.size();
    }

    private void checkMerges(Set<String> tokens) {
        for (String merge : header.texts("tokenizer.ggml.merges")) {
            int space = merge.indexOf(' ', 1);
            require(
                    space > 0
                            && tokens.contains(merge.substring(0, space))
                            && tokens.contains(merge.substring(space + 1))
                            && tokens.contains(merge.substring(0, space) + merge.substring(space + 1)),
                    "merge '" + merge + "' does not join two tokens into a third");
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
