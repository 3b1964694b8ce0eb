package io.rootstock.checkpoint.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.Json;
import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.tokenizer.SpecialTokenRule;
import io.rootstock.checkpoint.tokenizer.TinyModel;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HuggingFaceDirectoryTest {
    private static final ModelConfig UNTIED = TinyModel.CONFIG.withShape(
            new ModelShape(TinyModel.VOCABULARY, 16, 2, 4, 2, 24, 64, 1e-6, 500_000, false, 0));
    private static final ModelConfig CLASSIFIER = TinyModel.CONFIG.withShape(TinyModel.SHAPE.withClasses(2));

    @TempDir
    Path folder;

    private Path tokenizer;
    private Path model;

    @BeforeEach
    void prepare() throws IOException {
        tokenizer = TinyModel.tokenizer(folder.resolve("tokenizer"));
        model = folder.resolve("model");
    }

    @Test
    void givesBackALanguageModel() throws IOException {
        List<NamedTensor> tensors = TinyModel.tensors(UNTIED.shape());
        HuggingFaceDirectory.write(model, UNTIED, tensors.reversed(), tokenizer, List.of());

        try (HuggingFaceDirectory read = HuggingFaceDirectory.read(model)) {
            assertThat(read.config()).isEqualTo(UNTIED);
            assertThat(read.labels()).isEmpty();
            assertThat(read.tensors()).hasSameSizeAs(tensors);
            for (int i = 0; i < tensors.size(); i++) {
                assertThat(read.tensors().get(i).name())
                        .isEqualTo(tensors.get(i).name());
                assertThat(read.tensors().get(i).toArray())
                        .isEqualTo(tensors.get(i).toArray());
            }
            assertThat(TokenizerFiles.read(read.directory())).isEqualTo(TokenizerFiles.read(tokenizer));
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(tokenizer, model);
        }
    }

    @Test
    void idsAndGenerationSettingsOfAnImportedModelLeaveAsTheyCame() throws IOException {
        Path others = TinyModel.tokenizerWithoutBos(folder.resolve("others"));
        ModelConfig config = UNTIED.withBosId(OptionalInt.of(260)).withEosIds(List.of(261, 259));
        String generation = "{ \"eos_token_id\": 261,\n\t\"temperature\": 0.6 }\n";
        Path came = Files.writeString(folder.resolve("generation_config.json"), generation);
        HuggingFaceDirectory.write(
                model, config, TinyModel.tensors(config.shape()), others, List.of(), 64, Optional.of(came));

        assertThat(model.resolve("generation_config.json")).hasContent(generation);
        assertThat(model.resolve("tokenizer.json")).hasSameBinaryContentAs(others.resolve("tokenizer.json"));
        assertThat(model.resolve("tokenizer_config.json"))
                .hasSameBinaryContentAs(others.resolve("tokenizer_config.json"));
        JsonNode written = Json.readObject(model.resolve("config.json"));
        assertThat(written.path("bos_token_id").intValue()).isEqualTo(260);
        assertThat(written.path("eos_token_id").toString()).isEqualTo("[261,259]");
        assertThat(HuggingFaceDirectory.readConfig(model.resolve("config.json")))
                .isEqualTo(config);
    }

    @Test
    void aModelThatWasTrainedHereSaysItsContextAndBothEnds() throws IOException {
        HuggingFaceDirectory.write(model, UNTIED, TinyModel.tensors(UNTIED.shape()), tokenizer, List.of());

        assertThat(Json.readObject(model.resolve("tokenizer_config.json"))
                        .path("model_max_length")
                        .intValue())
                .isEqualTo(64);
        assertThat(Json.readObject(model.resolve("generation_config.json"))
                        .path("eos_token_id")
                        .toString())
                .isEqualTo("[259,261]");
    }

    @Test
    void aClassifiersTokenizerFollowsTheRuleAndCutsToTheLengthItWasTrainedOn() throws IOException {
        List<String> labels = List.of("ham", "spam");
        for (Path files : List.of(tokenizer, TinyModel.tokenizerWithoutBos(folder.resolve("others")))) {
            SpecialTokenRule rule = TokenizerFiles.read(files).rule();
            Path target = folder.resolve("classifier-" + files.getFileName());
            HuggingFaceDirectory.write(
                    target, CLASSIFIER, TinyModel.tensors(CLASSIFIER.shape()), files, labels, 40, Optional.empty());

            SpecialTokenRule exported = TokenizerFiles.read(target).rule();
            assertThat(exported).isEqualTo(rule);
            assertThat(exported.text(new int[] {65})).isEqualTo(rule.classified(new int[] {65}, 9));
            JsonNode configuration = Json.readObject(target.resolve("tokenizer_config.json"));
            assertThat(configuration.path("add_bos_token").asBoolean()).isEqualTo(rule.addBos());
            assertThat(configuration.path("add_eos_token").asBoolean()).isEqualTo(rule.addEos());
            assertThat(configuration.path("model_max_length").intValue()).isEqualTo(40);
        }
    }

    /** transformers reads the class at the last token that is not padding. */
    @Test
    void aClassifiersPaddingIsNotEos() throws IOException {
        Path others = TinyModel.tokenizerWithoutBos(folder.resolve("others"));
        Path configuration = others.resolve("tokenizer_config.json");
        Json.write(configuration, ((ObjectNode) Json.readObject(configuration)).put("pad_token", "<|im_end|>"));
        assertThat(TokenizerFiles.read(others).rule().padId()).isEqualTo(261);
        HuggingFaceDirectory.write(
                model, CLASSIFIER, TinyModel.tensors(CLASSIFIER.shape()), others, List.of("ham", "spam"));

        assertThat(TokenizerFiles.read(model).rule().padId()).isEqualTo(258);
        assertThat(Json.readObject(model.resolve("config.json"))
                        .path("pad_token_id")
                        .intValue())
                .isEqualTo(258);
        assertThat(TokenizerFiles.read(model).rule().eosId()).isEqualTo(261);
    }

    @Test
    void givesBackAClassifierWithItsLabels() throws IOException {
        List<String> labels = List.of("ham", "spam");
        HuggingFaceDirectory.write(model, CLASSIFIER, TinyModel.tensors(CLASSIFIER.shape()), tokenizer, labels);

        try (HuggingFaceDirectory read = HuggingFaceDirectory.read(model)) {
            assertThat(read.labels()).isEqualTo(labels);
            assertThat(read.weights().tensor("score.weight").shape()).containsExactly(2, 16);
        }
        JsonNode config = Json.readObject(model.resolve("config.json"));
        assertThat(config.path("architectures").path(0).asText()).isEqualTo("LlamaForSequenceClassification");
        assertThat(config.path("pad_token_id").intValue()).isEqualTo(262);
        assertThat(config.path("label2id").path("spam").intValue()).isEqualTo(1);
    }

    @Test
    void neverReplacesADirectory() throws IOException {
        Files.createDirectories(model);

        assertThatThrownBy(() -> write(TinyModel.tensors(TinyModel.SHAPE)))
                .isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void refusesTensorsThatAreNotTheModels() throws IOException {
        List<NamedTensor> tensors = TinyModel.tensors(TinyModel.SHAPE);

        assertThatThrownBy(() -> write(tensors.subList(1, tensors.size())))
                .hasMessageContaining("model.embed_tokens.weight is missing");
        assertThatThrownBy(() -> write(TinyModel.tensors(UNTIED.shape()))).hasMessageContaining("lm_head.weight");
        List<NamedTensor> wrongShape = new ArrayList<>(tensors);
        wrongShape.set(1, NamedTensor.of("model.layers.0.input_layernorm.weight", new float[8], 8));
        assertThatThrownBy(() -> write(wrongShape)).hasMessageContaining("must have [16]");
        assertThat(model).doesNotExist();
    }

    @Test
    void refusesAConfigurationThatItCannotHonour() throws IOException {
        write(TinyModel.tensors(TinyModel.SHAPE));

        assertRefused("architectures", Json.MAPPER.createArrayNode().add("MistralForCausalLM"), "MistralForCausalLM");
        assertRefused(
                "rope_scaling",
                Json.MAPPER.createObjectNode().put("rope_type", "yarn"),
                "rope_type 'yarn'; default, linear and llama3 are supported");
        assertRefused("hidden_act", Json.MAPPER.getNodeFactory().textNode("gelu"), "silu");
        assertRefused("attention_bias", Json.MAPPER.getNodeFactory().booleanNode(true), "attention_bias");
        assertRefused("num_hidden_layers", Json.MAPPER.getNodeFactory().numberNode(3), "model.layers.2");
        assertRefused("num_key_value_heads", Json.MAPPER.getNodeFactory().numberNode(3), "must divide");
        assertRefused("vocab_size", Json.MAPPER.getNodeFactory().numberNode(262), "its tokenizer");
        assertRefused("hidden_size", Json.MAPPER.getNodeFactory().textNode("16"), "hidden_size");
    }

    @Test
    void refusesWhatIsIncomplete() throws IOException {
        write(TinyModel.tensors(TinyModel.SHAPE));
        Files.delete(model.resolve("model.safetensors"));

        assertThatThrownBy(() -> HuggingFaceDirectory.read(model))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessageContaining("model.safetensors");
        assertThatThrownBy(() -> HuggingFaceDirectory.read(folder.resolve("nothing")))
                .hasMessageContaining("config.json");
    }

    private void write(List<NamedTensor> tensors) throws IOException {
        HuggingFaceDirectory.write(model, TinyModel.CONFIG, tensors, tokenizer, List.of());
    }

    private void assertRefused(String key, JsonNode value, String reason) throws IOException {
        Path file = model.resolve("config.json");
        ObjectNode config = (ObjectNode) Json.readObject(file);
        JsonNode before = config.get(key);
        config.set(key, value);
        Json.write(file, config);
        assertThatThrownBy(() -> HuggingFaceDirectory.read(model))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessageContaining(reason);
        config.set(key, before);
        Json.write(file, config);
    }
}
