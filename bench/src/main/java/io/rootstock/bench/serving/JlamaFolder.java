package io.rootstock.bench.serving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tjake.jlama.safetensors.DType;
import com.github.tjake.jlama.safetensors.SafeTensorSupport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Converts a Hugging Face folder for Jlama 0.8.4. */
final class JlamaFolder {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JlamaFolder() {}

    /**
     * Links the weights and writes the files that must differ: {@code rope_theta} at the top level of the
     * configuration, as transformers before 5 wrote it; a sequence of pre-tokenizers, because Jlama ignores a single
     * one; and no end-of-text token, since all contenders generate past it.
     */
    static void write(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        ObjectNode config = read(from.resolve("config.json"));
        JsonNode theta = config.path("rope_parameters").path("rope_theta");
        if (!theta.isMissingNode()) {
            config.set("rope_theta", theta);
        }
        config.remove("rope_parameters");
        config.putArray("eos_token_id").add(config.path("vocab_size").asInt());
        JSON.writeValue(to.resolve("config.json").toFile(), config);

        ObjectNode tokenizer = read(from.resolve("tokenizer.json"));
        JsonNode single = tokenizer.path("pre_tokenizer");
        if (!single.has("pretokenizers")) {
            ObjectNode sequence = tokenizer.putObject("pre_tokenizer").put("type", "Sequence");
            ArrayNode members = sequence.putArray("pretokenizers");
            members.addObject().put("type", "Digits").put("individual_digits", true); // as in SmolLM2
            members.add(single);
        }
        JSON.writeValue(to.resolve("tokenizer.json").toFile(), tokenizer);
        Files.copy(from.resolve("tokenizer_config.json"), to.resolve("tokenizer_config.json"));
        Files.writeString(to.resolve("README.md"), "---\nlicense: apache-2.0\n---\n"); // quantization requires it
        Files.createSymbolicLink(
                to.resolve("model.safetensors"),
                from.resolve("model.safetensors").toAbsolutePath());
    }

    /** Quantizes to Jlama's Q4: blocks of 32 4-bit integers with a float32 scale. Norms and embedding stay float32. */
    static void quantize(Path from, Path to) throws IOException {
        SafeTensorSupport.quantizeModel(
                from, DType.Q4, new String[] {"norm", "embed_tokens"}, new String[0], Optional.of(to));
    }

    private static ObjectNode read(Path file) throws IOException {
        return (ObjectNode) JSON.readTree(file.toFile());
    }
}
