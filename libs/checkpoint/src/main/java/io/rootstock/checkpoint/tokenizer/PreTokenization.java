package io.rootstock.checkpoint.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Normalizer and pre-tokenizer of a tokenizer. They are recognized in {@code tokenizer.json} by exact comparison, so
 * that text is split as in the model's training.
 *
 * @param preTokenizer name of the pre-tokenizer
 * @param composed whether text is normalized to Unicode NFC first
 */
public record PreTokenization(String preTokenizer, boolean composed) {
    private static final String LLAMA3 = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private static final String TEKKEN =
            "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
                    + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*"
                    + "|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private static final String CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";

    private static final String O200K = TEKKEN.replace("]+|[^", "]+" + CONTRACTION + "|[^")
            .replace("]*|\\p{N}|", "]*" + CONTRACTION + "|\\p{N}{1,3}|");

    private static final Map<String, String> PATTERNS = Map.of(
            LLAMA3, "llama3", LLAMA3.replace("\\p{N}{1,3}", "\\p{N}"), "qwen2", TEKKEN, "tekken", O200K, "o200k");

    private static final List<String> NAMES = List.of("gpt2", "cl100k", "llama3", "qwen2", "smollm", "tekken", "o200k");

    static PreTokenization read(Path file, JsonNode json, JsonNode configuration) {
        String named = configuration.path(TokenizerFiles.TRAINED_HERE).asText();
        if (!named.isEmpty()) {
            require(
                    NAMES.contains(named),
                    file.resolveSibling(TokenizerFiles.CONFIGURATION),
                    "must name one of " + NAMES + " as rootstock_pre_tokenizer, not '" + named + "'");
            return new PreTokenization(named, composed(file, json.path("normalizer")));
        }
        return new PreTokenization(
                preTokenizer(file, json.path("pre_tokenizer")), composed(file, json.path("normalizer")));
    }

    private static boolean composed(Path file, JsonNode normalizer) {
        if (normalizer.isMissingNode() || normalizer.isNull()) {
            return false;
        }
        String type = normalizer.path("type").asText();
        require(type.equals("NFC"), file, "states the normalizer '" + type + "'; none and NFC are supported");
        return true;
    }

    private static String preTokenizer(Path file, JsonNode stated) {
        List<JsonNode> steps = new ArrayList<>();
        if (stated.path("type").asText().equals("Sequence")) {
            stated.path("pretokenizers").forEach(steps::add);
        } else {
            steps.add(stated);
        }
        JsonNode last = steps.isEmpty() ? stated : steps.getLast();
        require(
                last.path("type").asText().equals("ByteLevel")
                        && !last.path("add_prefix_space").asBoolean(true),
                file,
                "has no pre_tokenizer that ends with ByteLevel without add_prefix_space; byte-level BPE is supported"
                        + " (Llama 3, Qwen2, SmolLM, Mistral since Nemo)");
        boolean splitsItself = last.path("use_regex").asBoolean(true);
        if (steps.size() == 1 && splitsItself) {
            return "gpt2";
        }
        JsonNode first = steps.getFirst();
        if (steps.size() == 2
                && splitsItself
                && first.path("type").asText().equals("Digits")
                && first.path("individual_digits").asBoolean(false)) {
            return "smollm";
        }
        String pattern = first.path("pattern").path("Regex").asText();
        boolean split = steps.size() == 2
                && !splitsItself
                && first.path("type").asText().equals("Split")
                && first.path("behavior").asText().equals("Isolated")
                && !first.path("invert").asBoolean(false);
        require(
                split && PATTERNS.containsKey(pattern),
                file,
                "has a pre_tokenizer that is none of GPT-2's, Llama 3's, Qwen2's, SmolLM's, tekken's and o200k's, which are supported: "
                        + (pattern.isEmpty() ? stated : pattern));
        return PATTERNS.get(pattern);
    }

    /** Returns the {@code pre_tokenizer} of {@code tokenizer.json} that {@link #read} recognizes under this name. */
    public static JsonNode toJson(String preTokenizer) {
        if (preTokenizer.equals("gpt2")) {
            return byteLevel(true);
        }
        ObjectNode sequence = Json.MAPPER.createObjectNode().put("type", "Sequence");
        ArrayNode steps = sequence.putArray("pretokenizers");
        if (preTokenizer.equals("smollm")) {
            steps.addObject().put("type", "Digits").put("individual_digits", true);
            steps.add(byteLevel(true));
            return sequence;
        }
        String pattern = PATTERNS.entrySet().stream()
                .filter(entry -> entry.getValue().equals(preTokenizer))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown pre-tokenizer: " + preTokenizer));
        ObjectNode split = steps.addObject().put("type", "Split");
        split.putObject("pattern").put("Regex", pattern);
        split.put("behavior", "Isolated").put("invert", false);
        steps.add(byteLevel(false));
        return sequence;
    }

    public static ObjectNode byteLevel(boolean useRegex) {
        return Json.MAPPER
                .createObjectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", useRegex);
    }

    private static void require(boolean condition, Path file, String otherwise) {
        if (!condition) {
            throw new InvalidCheckpointException(file + " " + otherwise);
        }
    }
}
