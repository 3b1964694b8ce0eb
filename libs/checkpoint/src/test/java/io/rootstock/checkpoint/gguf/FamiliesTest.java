package io.rootstock.checkpoint.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.Json;
import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.ModelFamily;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.RopeScaling;
import io.rootstock.checkpoint.huggingface.HuggingFaceDirectory;
import io.rootstock.checkpoint.huggingface.Safetensors;
import io.rootstock.checkpoint.tokenizer.TinyModel;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FamiliesTest {
    private static final RopeScaling LLAMA31 = new RopeScaling.Llama3(8, 1, 4, 16);
    private static final ModelConfig QWEN2 = config(ModelFamily.QWEN2, 4, RopeScaling.NONE, false);

    @TempDir
    Path folder;

    private Path tokenizer;
    private Path model;

    @BeforeEach
    void prepare() throws IOException {
        tokenizer = TinyModel.tokenizer(folder.resolve("tokenizer"));
        model = folder.resolve("model");
    }

    /** The vocabulary is one row larger than the tokenizer's. */
    private static ModelConfig config(ModelFamily family, int headDimension, RopeScaling scaling, boolean tied) {
        ModelShape shape = new ModelShape(
                TinyModel.VOCABULARY + 1, 16, 2, 4, 2, headDimension, 24, 64, 0.5, 20_000, tied, 0, family, scaling);
        return new ModelConfig(shape, 258, 259);
    }

    static Stream<ModelConfig> families() {
        return Stream.of(
                config(ModelFamily.LLAMA, 4, LLAMA31, true),
                config(ModelFamily.MISTRAL, 8, RopeScaling.NONE, false),
                QWEN2,
                config(ModelFamily.QWEN3, 8, new RopeScaling.Linear(4), true));
    }

    @ParameterizedTest
    @MethodSource("families")
    void aDirectoryOfEachFamilyIsReadAsItWasWritten(ModelConfig config) throws IOException {
        List<NamedTensor> tensors = TinyModel.tensors(config.shape());
        HuggingFaceDirectory.write(model, config, tensors, tokenizer, List.of());

        try (HuggingFaceDirectory read = HuggingFaceDirectory.read(model)) {
            assertThat(read.config()).isEqualTo(config);
            for (NamedTensor tensor : tensors) {
                assertThat(read.weights().tensor(tensor.name()).toArray()).isEqualTo(tensor.toArray());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void itsGgufStatesTheSameShape(ModelConfig config) throws IOException {
        Path file = write(config);

        ModelShape read = GgufValidator.validate(file).shape();
        assertThat(read.family().architecture())
                .isEqualTo(config.shape().family().architecture());
        assertThat(read.headDimension()).isEqualTo(config.shape().headDimension());
        assertThat(read.vocabularySize()).isEqualTo(264);
        // Llama 3's RoPE scaling is recovered from the tensor of its factors.
        assertThat(read.ropeScaling()).isEqualTo(config.shape().ropeScaling());
        GgufHeader header = header(file);
        assertThat(header.texts("tokenizer.ggml.tokens").getLast()).isEqualTo("[PAD263]");
        assertThat(header.integers("tokenizer.ggml.token_type").getLast()).isEqualTo(Gguf.TOKEN_UNUSED);
    }

    @Test
    void ofQwenNothingChangesPlaces() throws IOException {
        Path file = write(QWEN2);

        Map<String, String> names = Map.of(
                "model.layers.1.self_attn.q_proj.weight", "blk.1.attn_q.weight",
                "model.layers.1.self_attn.k_proj.bias", "blk.1.attn_k.bias");
        for (NamedTensor tensor : TinyModel.tensors(QWEN2.shape())) {
            if (names.containsKey(tensor.name())) {
                assertThat(values(file, names.get(tensor.name()))).isEqualTo(tensor.toArray());
            }
        }
    }

    @Test
    void llama3sFactorsAreWhatFrequenciesAreDividedBy() throws IOException {
        float[] factors = values(write(config(ModelFamily.LLAMA, 4, LLAMA31, true)), GgufNames.ROPE_FACTORS);

        // The first pair rotates 16 / 2 pi = 2.55 times in the original context, between 1 and 4; the second 0.018
        // times.
        double kept = (16 / (2 * Math.PI) - 1) / 3;
        assertThat(factors).containsExactly((float) (1 / ((1 - kept) / 8 + kept)), 8f);
    }

    @Test
    void llamaCppHasNoLlama3ScalingForQwen() {
        assertThatThrownBy(() -> write(config(ModelFamily.QWEN3, 4, LLAMA31, true)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("llama.cpp has no rope scaling of type llama3 for qwen3 models");
    }

    @Test
    void shardsAreReadByTheirIndex() throws IOException {
        List<NamedTensor> tensors = sharded();

        try (HuggingFaceDirectory read = HuggingFaceDirectory.read(model)) {
            assertThat(read.tensors()).hasSameSizeAs(tensors);
            for (int i = 0; i < tensors.size(); i++) {
                assertThat(read.tensors().get(i).toArray())
                        .isEqualTo(tensors.get(i).toArray());
            }
        }
    }

    @Test
    void anIndexThatDoesNotTellTheTruthIsRefused() throws IOException {
        sharded();
        Path index = model.resolve("model.safetensors.index.json");
        ObjectNode right = (ObjectNode) Json.readObject(index);

        refused(index, right, map -> map.remove("model.norm.weight"), "does not say that b.safetensors holds");
        refused(index, right, map -> map.put("more", "a.safetensors"), "holds the tensor more, but it does not");
        refused(index, right, map -> map.put("more", "../a.safetensors"), "must be a .safetensors file of the same");
        refused(index, right, map -> map.put("more", "c.safetensors"), "file not found");
    }

    private void refused(Path index, ObjectNode right, Consumer<ObjectNode> damage, String reason) throws IOException {
        ObjectNode wrong = right.deepCopy();
        damage.accept((ObjectNode) wrong.get("weight_map"));
        Json.write(index, wrong);
        assertThatThrownBy(() -> HuggingFaceDirectory.read(model))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessageContaining(reason);
    }

    static Stream<Arguments> unsupported() {
        return Stream.of(
                unsupported(
                        json -> json.put("model_type", "gemma2"),
                        "states the model_type 'gemma2'; llama (Llama, SmolLM), mistral, qwen2 (Qwen2, Qwen2.5) and qwen3"
                                + " are read"),
                unsupported(
                        json -> json.put("model_type", "qwen2_moe"),
                        "states the model_type 'qwen2_moe'; llama (Llama, SmolLM), mistral, qwen2 (Qwen2, Qwen2.5) and"
                                + " qwen3 are read"),
                unsupported(
                        json -> json.put("hidden_act", "gelu"),
                        "states the hidden_act 'gelu'; silu is the only one supported"),
                unsupported(
                        json -> json.put("sliding_window", 32),
                        "states a sliding_window of 32 in a context of 64, which is not supported; lower"
                                + " max_position_embeddings to the window or less to use the model on texts of that"
                                + " length, for which it makes no difference"),
                unsupported(
                        json -> json.putObject("rope_scaling").put("type", "dynamic"),
                        "states the rope_scaling of rope_type 'dynamic'; default, linear and llama3 are supported"),
                unsupported(
                        json -> json.putObject("rope_scaling").put("rope_type", "linear"),
                        "has no number rope_scaling.factor"),
                unsupported(
                        json -> json.putObject("quantization_config").put("bits", 4),
                        "states a quantization_config; weights must be F32, F16 or BF16"),
                unsupported(
                        json -> json.put("partial_rotary_factor", 0.5),
                        "states a partial_rotary_factor; whole heads are turned, so it must be 1 or missing"));
    }

    @ParameterizedTest
    @MethodSource("unsupported")
    void anythingElseIsRefusedWithFileKeyAndWhatIsSupported(Consumer<ObjectNode> change, String reason)
            throws IOException {
        HuggingFaceDirectory.write(model, QWEN2, TinyModel.tensors(QWEN2.shape()), tokenizer, List.of());
        Path file = model.resolve("config.json");
        ObjectNode json = (ObjectNode) Json.readObject(file);
        change.accept(json);
        Json.write(file, json);

        assertThatThrownBy(() -> HuggingFaceDirectory.read(model))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessage(file + " " + reason);
    }

    @Test
    void aWindowAsWideAsTheContextAndAListOfEndsAreFine() throws IOException {
        HuggingFaceDirectory.write(model, QWEN2, TinyModel.tensors(QWEN2.shape()), tokenizer, List.of());
        Path file = model.resolve("config.json");
        ObjectNode json = (ObjectNode) Json.readObject(file);
        json.put("sliding_window", 64).putNull("bos_token_id");
        json.putArray("eos_token_id").add(261).add(259);
        Json.write(file, json);

        ModelConfig read = HuggingFaceDirectory.readConfig(file);
        assertThat(read.bosId()).isEmpty();
        assertThat(read.eosIds()).containsExactly(261, 259);
    }

    @Test
    void otherPeoplesTokenizersAreReadByTheirStatements() throws IOException {
        ObjectNode json = (ObjectNode) Json.readObject(tokenizer.resolve(TokenizerFiles.TOKENIZER));
        json.putObject("normalizer").put("type", "NFC");
        ObjectNode sequence = json.putObject("pre_tokenizer").put("type", "Sequence");
        ObjectNode split = sequence.putArray("pretokenizers").addObject().put("type", "Split");
        split.putObject("pattern")
                .put(
                        "Regex",
                        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}|"
                                + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");
        split.put("behavior", "Isolated").put("invert", false);
        ((ArrayNode) sequence.get("pretokenizers"))
                .addObject()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("use_regex", false);
        json.putNull("post_processor");
        Json.write(tokenizer.resolve(TokenizerFiles.TOKENIZER), json);
        Json.write(
                tokenizer.resolve(TokenizerFiles.CONFIGURATION),
                Json.MAPPER.createObjectNode().put("eos_token", "<|im_end|>").putNull("bos_token"));
        Files.writeString(tokenizer.resolve(TokenizerFiles.CHAT_TEMPLATE), "{{ messages[0] }}");

        TokenizerFiles files = TokenizerFiles.read(tokenizer);
        assertThat(files.preTokenizer()).isEqualTo("qwen2");
        assertThat(files.composed()).isTrue();
        assertThat(files.chatTemplate()).isEqualTo("{{ messages[0] }}");
        assertThat(files.rule().bos()).isEmpty();
        assertThat(files.rule().eosId()).isEqualTo(261);
        assertThat(files.rule().padId()).isEqualTo(262);

        split.putObject("pattern").put("Regex", "\\w+");
        Json.write(tokenizer.resolve(TokenizerFiles.TOKENIZER), json);
        assertThatThrownBy(() -> TokenizerFiles.read(tokenizer))
                .hasMessageEndingWith(
                        "has a pre_tokenizer that is none of GPT-2's, Llama 3's, Qwen2's, SmolLM's, tekken's and"
                                + " o200k's, which are supported: \\w+");
    }

    @Test
    void mistralsTekkenIsReadAndExportedUnderItsName() throws IOException {
        ObjectNode json = (ObjectNode) Json.readObject(tokenizer.resolve(TokenizerFiles.TOKENIZER));
        ObjectNode sequence = json.putObject("pre_tokenizer").put("type", "Sequence");
        ArrayNode steps = sequence.putArray("pretokenizers");
        ObjectNode split = steps.addObject().put("type", "Split");
        split.putObject("pattern")
                .put(
                        "Regex",
                        "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+|"
                                + "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*|"
                                + "\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");
        split.put("behavior", "Isolated").put("invert", false);
        steps.addObject()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("use_regex", false);
        ((ObjectNode) json.get("model")).put("ignore_merges", true);
        Json.write(tokenizer.resolve(TokenizerFiles.TOKENIZER), json);
        Json.write(
                tokenizer.resolve(TokenizerFiles.CONFIGURATION),
                Json.MAPPER.createObjectNode().put("eos_token", "<|im_end|>"));

        TokenizerFiles files = TokenizerFiles.read(tokenizer);
        assertThat(files.preTokenizer()).isEqualTo("tekken");
        assertThat(GgufPreTokenizer.nameOf(files)).isEqualTo("tekken");

        ((ObjectNode) json.get("model")).put("ignore_merges", false);
        Json.write(tokenizer.resolve(TokenizerFiles.TOKENIZER), json);
        TokenizerFiles merging = TokenizerFiles.read(tokenizer);
        assertThatThrownBy(() -> GgufPreTokenizer.nameOf(merging))
                .hasMessage("llama.cpp has no tekken pre-tokenizer without ignore_merges");
    }

    private List<NamedTensor> sharded() throws IOException {
        List<NamedTensor> tensors = TinyModel.tensors(QWEN2.shape());
        HuggingFaceDirectory.write(model, QWEN2, tensors, tokenizer, List.of());
        Files.delete(model.resolve("model.safetensors"));
        ObjectNode json = Json.MAPPER.createObjectNode();
        ObjectNode map = json.putObject("weight_map");
        int half = tensors.size() / 2;
        for (int i = 0; i < tensors.size(); i++) {
            map.put(tensors.get(i).name(), i < half ? "a.safetensors" : "b.safetensors");
        }
        Safetensors.write(model.resolve("a.safetensors"), tensors.subList(0, half), Map.of());
        Safetensors.write(model.resolve("b.safetensors"), tensors.subList(half, tensors.size()), Map.of());
        Json.write(model.resolve("model.safetensors.index.json"), json);
        return tensors;
    }

    private Path write(ModelConfig config) throws IOException {
        Path file = folder.resolve("model.gguf");
        Gguf.writeLlama(file, config, TinyModel.tensors(config.shape()), TokenizerFiles.read(tokenizer), "tiny");
        return file;
    }

    private static Arguments unsupported(Consumer<ObjectNode> change, String reason) {
        return Arguments.of(change, reason);
    }

    private static GgufHeader header(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file)) {
            return GgufReader.read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        }
    }

    private static float[] values(Path file, String name) throws IOException {
        GgufHeader header = header(file);
        GgufHeader.Tensor tensor = header.tensors().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow();
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file)) {
            MemorySegment bytes = channel.map(
                    FileChannel.MapMode.READ_ONLY, header.dataStart() + tensor.offset(), tensor.bytes(), arena);
            return bytes.toArray(ValueLayout.JAVA_FLOAT);
        }
    }
}
