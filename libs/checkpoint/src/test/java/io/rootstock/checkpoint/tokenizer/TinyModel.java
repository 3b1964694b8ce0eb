package io.rootstock.checkpoint.tokenizer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.checkpoint.Json;
import io.rootstock.checkpoint.LlamaTensors;
import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.NamedTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A small model with random weights, and its tokenizer: 256 bytes, two merges, five special tokens. */
public final class TinyModel {
    public static final int VOCABULARY = 263;
    public static final ModelShape SHAPE = new ModelShape(VOCABULARY, 16, 2, 4, 2, 24, 64, 1e-5, 10_000, true, 0);
    public static final ModelConfig CONFIG = new ModelConfig(SHAPE, 258, 259);
    public static final List<String> SPECIAL =
            List.of("<|begin_of_text|>", "<|end_of_text|>", "<|im_start|>", "<|im_end|>", "<|pad|>");

    public static final SpecialTokenRule.Token BOS = new SpecialTokenRule.Token(258, SPECIAL.get(0));
    public static final SpecialTokenRule.Token EOS = new SpecialTokenRule.Token(259, SPECIAL.get(1));

    private TinyModel() {}

    public static List<NamedTensor> tensors(ModelShape model) {
        Random random = new Random(11);
        List<NamedTensor> tensors = new ArrayList<>();
        LlamaTensors.expected(model).forEach((name, shape) -> {
            float[] values = new float[(int) NamedTensor.elements(shape)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            tensors.add(NamedTensor.of(name, values, shape));
        });
        return tensors;
    }

    public static Path tokenizer(Path directory) throws IOException {
        return tokenizer(directory, "gpt2", false);
    }

    /** Tokenizer as SmolLM2's: {@code <|im_start|>} is BOS and never added, {@code <|im_end|>} is EOS. */
    public static Path tokenizerWithoutBos(Path directory) throws IOException {
        tokenizer(directory);
        Path file = directory.resolve(TokenizerFiles.TOKENIZER);
        ObjectNode json = (ObjectNode) Json.readObject(file);
        json.putObject("post_processor").put("type", "ByteLevel");
        json.putObject("pre_tokenizer").put("type", "ByteLevel").put("add_prefix_space", false);
        Json.write(file, json);
        Path config = directory.resolve(TokenizerFiles.CONFIGURATION);
        ObjectNode configuration = (ObjectNode) Json.readObject(config);
        configuration.remove(TokenizerFiles.TRAINED_HERE);
        configuration
                .put("bos_token", SPECIAL.get(2))
                .put("eos_token", SPECIAL.get(3))
                .put("add_bos_token", true);
        Json.write(config, configuration);
        return directory;
    }

    public static Path tokenizer(Path directory, String preTokenizer, boolean ignoreMerges) throws IOException {
        Files.createDirectories(directory);
        ObjectNode json = Json.MAPPER.createObjectNode();
        ArrayNode added = json.putArray("added_tokens");
        ObjectNode model = json.putObject("model").put("type", "BPE").put("ignore_merges", ignoreMerges);
        ObjectNode vocabulary = model.putObject("vocab");
        List<String> tokens = new ArrayList<>(ByteAlphabet.letters());
        tokens.add("th");
        tokens.add("the");
        tokens.addAll(SPECIAL);
        for (int id = 0; id < tokens.size(); id++) {
            vocabulary.put(tokens.get(id), id);
        }
        model.putArray("merges").add("t h").add("th e");
        for (String special : SPECIAL) {
            added.addObject()
                    .put("id", tokens.indexOf(special))
                    .put("content", special)
                    .put("special", true);
        }
        json.set(
                "post_processor",
                new SpecialTokenRule(true, false, Optional.of(BOS), EOS, List.of(), EOS).postProcessor());
        Files.writeString(directory.resolve(TokenizerFiles.TOKENIZER), json.toString());
        Files.writeString(
                directory.resolve(TokenizerFiles.CONFIGURATION),
                Json.MAPPER
                        .createObjectNode()
                        .put("bos_token", SPECIAL.get(0))
                        .put("eos_token", SPECIAL.get(1))
                        .put("pad_token", SPECIAL.get(4))
                        .put("chat_template", "{{ messages }}")
                        .put("rootstock_pre_tokenizer", preTokenizer)
                        .toString());
        return directory;
    }
}
