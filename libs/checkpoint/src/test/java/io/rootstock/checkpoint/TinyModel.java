package io.rootstock.checkpoint;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A small model with random weights, and its tokenizer: 256 bytes, two merges, five special tokens. */
final class TinyModel {
    static final int VOCABULARY = 263;
    static final LlamaConfig CONFIG = new LlamaConfig(VOCABULARY, 16, 2, 4, 2, 4, 24, 64, 1e-5, 10_000, true, 258, 259);
    static final List<String> SPECIAL =
            List.of("<|begin_of_text|>", "<|end_of_text|>", "<|im_start|>", "<|im_end|>", "<|pad|>");

    private TinyModel() {}

    static List<NamedTensor> tensors(LlamaConfig config, int classes) {
        Random random = new Random(11);
        List<NamedTensor> tensors = new ArrayList<>();
        LlamaTensors.expected(config, classes).forEach((name, shape) -> {
            float[] values = new float[(int) NamedTensor.elements(shape)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            tensors.add(NamedTensor.of(name, values, shape));
        });
        return tensors;
    }

    static Path tokenizer(Path directory) throws IOException {
        return tokenizer(directory, "gpt2", false);
    }

    static Path tokenizer(Path directory, String preTokenizer, boolean ignoreMerges) throws IOException {
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
