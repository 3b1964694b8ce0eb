package io.rootstock.checkpoint.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A byte-level BPE tokenizer as its directory states it: {@code tokenizer.json} (Hugging Face's format),
 * {@code tokenizer_config.json} and, in newer directories, {@code chat_template.jinja}. The files are validated for
 * export, not used to tokenize.
 *
 * @param tokens all tokens in id order, in the GPT-2 byte alphabet; added tokens as plain text
 * @param merges the merges in rank order, {@code "left right"}
 * @param addedTokens tokens that are not produced by merges, in id order
 * @param preTokenizer {@code gpt2}, {@code cl100k}, {@code llama3}, {@code qwen2}, {@code smollm}, {@code tekken} or
 *     {@code o200k}
 * @param ignoreMerges whether a pre-token that is in the vocabulary is used without merging
 * @param composed whether text is normalized to Unicode NFC first
 * @param chatTemplate Jinja source; empty if there is none
 * @param rule special tokens, and which of them are added to a text
 */
public record TokenizerFiles(
        List<String> tokens,
        List<String> merges,
        List<AddedToken> addedTokens,
        String preTokenizer,
        boolean ignoreMerges,
        boolean composed,
        String chatTemplate,
        SpecialTokenRule rule) {
    /** File name of the tokenizer. */
    public static final String TOKENIZER = "tokenizer.json";

    /** File name of the tokenizer's configuration. */
    public static final String CONFIGURATION = "tokenizer_config.json";

    /**
     * Key of {@code tokenizer_config.json} that only Rootstock's tokenizers have; its value names the pre-tokenizer.
     */
    public static final String TRAINED_HERE = "rootstock_pre_tokenizer";

    /** File name of the chat template in newer directories. */
    public static final String CHAT_TEMPLATE = "chat_template.jinja";

    /**
     * Token that merges do not produce.
     *
     * @param special whether it is a control token, which is recognized in text only on request
     */
    public record AddedToken(String content, int id, boolean special) {}

    public TokenizerFiles {
        tokens = List.copyOf(tokens);
        merges = List.copyOf(merges);
        addedTokens = List.copyOf(addedTokens);
    }

    /** Number of tokens, added tokens included. */
    public int vocabularySize() {
        return tokens.size();
    }

    /** Added tokens that are control tokens. */
    public List<AddedToken> specialTokens() {
        return addedTokens.stream().filter(AddedToken::special).toList();
    }

    /** Whether the token with this id is special. */
    public boolean isSpecial(int id) {
        return specialTokens().stream().anyMatch(token -> token.id() == id);
    }

    /** Returns the bytes of each token in id order; of added tokens, their content in UTF-8. */
    public List<byte[]> bytes() {
        Set<Integer> added = new HashSet<>();
        addedTokens.forEach(token -> added.add(token.id()));
        List<byte[]> bytes = new ArrayList<>(tokens.size());
        for (int id = 0; id < tokens.size(); id++) {
            String token = tokens.get(id);
            bytes.add(added.contains(id) ? token.getBytes(StandardCharsets.UTF_8) : ByteAlphabet.bytes(token));
        }
        return bytes;
    }

    /** Returns the names of the tokenizer files that exist in the directory. */
    public static List<String> names(Path directory) {
        return Files.isRegularFile(directory.resolve(CHAT_TEMPLATE))
                ? List.of(TOKENIZER, CONFIGURATION, CHAT_TEMPLATE)
                : List.of(TOKENIZER, CONFIGURATION);
    }

    /** Decodes tokens. Added tokens appear as their content, unknown ids are skipped, invalid UTF-8 becomes U+FFFD. */
    public String text(int[] ids) {
        Set<Integer> added = new HashSet<>();
        addedTokens.forEach(token -> added.add(token.id()));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int id : ids) {
            if (id < tokens.size()) {
                String token = tokens.get(id);
                bytes.writeBytes(
                        added.contains(id) ? token.getBytes(StandardCharsets.UTF_8) : ByteAlphabet.bytes(token));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /**
     * Reads and validates a tokenizer's directory.
     *
     * @throws InvalidCheckpointException if a file is missing or damaged, or the tokenizer is not supported
     */
    public static TokenizerFiles read(Path directory) throws IOException {
        Path file = directory.resolve(TOKENIZER);
        try {
            JsonNode configuration = Json.readObject(directory.resolve(CONFIGURATION));
            Path template = directory.resolve(CHAT_TEMPLATE);
            return read(
                    file,
                    Json.readObject(file),
                    configuration,
                    Files.isRegularFile(template) ? Files.readString(template) : chatTemplate(configuration));
        } catch (MalformedInputException e) {
            throw new InvalidCheckpointException(directory + " holds a file that is not UTF-8", e);
        }
    }

    /** Returns the chat template; of several, the one named default. */
    private static String chatTemplate(JsonNode configuration) {
        JsonNode template = configuration.path("chat_template");
        for (JsonNode named : template) {
            if (named.path("name").asText().equals("default")) {
                return named.path("template").asText("");
            }
        }
        return template.asText("");
    }

    private static TokenizerFiles read(Path file, JsonNode json, JsonNode configuration, String chatTemplate) {
        JsonNode model = json.path("model");
        require(model.path("type").asText().equals("BPE"), file, "states no model of type BPE");
        PreTokenization form = PreTokenization.read(file, json, configuration);
        List<AddedToken> added = addedTokens(file, json.path("added_tokens"));
        List<String> tokens = tokens(file, model.path("vocab"), added);
        SpecialTokenRule rule = rule(file, json, configuration);
        LegacyTokenizer.refuse(file, configuration, rule);
        return new TokenizerFiles(
                tokens,
                merges(file, model.path("merges"), new HashSet<>(tokens)),
                added,
                form.preTokenizer(),
                model.path("ignore_merges").asBoolean(false),
                form.composed(),
                chatTemplate,
                rule);
    }

    static SpecialTokenRule rule(Path file, JsonNode json, JsonNode configuration) {
        return new SpecialTokenFiles(file, addedTokens(file, json.path("added_tokens")), configuration)
                .rule(json.path("post_processor"));
    }

    private static List<AddedToken> addedTokens(Path file, JsonNode list) {
        List<AddedToken> added = new ArrayList<>();
        for (JsonNode token : list) {
            String content = token.path("content").asText();
            require(!content.isEmpty() && token.path("id").isInt(), file, "has an added token without content or id");
            for (String rule : List.of("lstrip", "rstrip", "single_word")) {
                require(
                        !token.path(rule).asBoolean(false),
                        file,
                        "states " + rule + " for the added token '" + content + "', which is not supported");
            }
            added.add(new AddedToken(
                    content, token.path("id").intValue(), token.path("special").asBoolean(true)));
        }
        added.sort((a, b) -> Integer.compare(a.id(), b.id()));
        return added;
    }

    private static List<String> tokens(Path file, JsonNode vocabulary, List<AddedToken> added) {
        require(vocabulary.isObject(), file, "has no vocab");
        List<String> names = new ArrayList<>();
        List<Integer> ids = new ArrayList<>();
        vocabulary.properties().forEach(field -> {
            require(field.getValue().isInt(), file, "gives token '" + field.getKey() + "' no id");
            names.add(field.getKey());
            ids.add(field.getValue().intValue());
        });
        for (AddedToken token : added) {
            JsonNode known = vocabulary.path(token.content());
            if (known.isMissingNode()) {
                names.add(token.content());
                ids.add(token.id());
            } else {
                require(known.intValue() == token.id(), file, "gives '" + token.content() + "' two ids");
            }
        }
        String[] byId = new String[ids.size()];
        for (int i = 0; i < byId.length; i++) {
            int id = ids.get(i);
            require(
                    id >= 0 && id < byId.length && byId[id] == null,
                    file,
                    "has ids that are not 0.." + (byId.length - 1) + ", each once: " + id);
            byId[id] = names.get(i);
        }
        Set<String> known = Set.copyOf(Arrays.asList(byId));
        Optional<String> missing = ByteAlphabet.letters().stream()
                .filter(letter -> ByteAlphabet.necessary(letter) && !known.contains(letter))
                .findFirst();
        require(missing.isEmpty(), file, "has no token for the byte " + missing.orElse(""));
        return List.of(byId);
    }

    private static List<String> merges(Path file, JsonNode list, Set<String> tokens) {
        List<String> merges = new ArrayList<>();
        for (JsonNode merge : list) {
            String[] sides = merge.isArray() && merge.size() == 2
                    ? new String[] {merge.get(0).asText(), merge.get(1).asText()}
                    : merge.asText().split(" ", -1);
            require(
                    sides.length == 2
                            && tokens.contains(sides[0])
                            && tokens.contains(sides[1])
                            && tokens.contains(sides[0] + sides[1]),
                    file,
                    "has a merge whose sides or result are not tokens: " + merge);
            merges.add(sides[0] + " " + sides[1]);
        }
        return merges;
    }

    private static void require(boolean condition, Path file, String otherwise) {
        if (!condition) {
            throw new InvalidCheckpointException(file + " " + otherwise);
        }
    }
}
