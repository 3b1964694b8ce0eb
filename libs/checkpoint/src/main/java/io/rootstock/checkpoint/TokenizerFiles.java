package io.rootstock.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
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
 * {@code tokenizer_config.json} and, where newer ones have it, {@code chat_template.jinja}. Read, checked and never
 * interpreted: this is what a model file must carry, not a tokenizer.
 *
 * @param tokens all tokens in the order of their ids, written in the GPT-2 byte alphabet; added ones as plain text
 * @param merges the merges in their order, {@code "left right"}
 * @param addedTokens tokens that never come from merges, in the order of their ids
 * @param preTokenizer {@code gpt2}, {@code cl100k}, {@code llama3}, {@code qwen2}, {@code smollm} or
 *     {@code tekken}
 * @param ignoreMerges whether a whole pre-token that is a token is taken without merging
 * @param composed whether text is put into Unicode's normal form C first
 * @param chatTemplate the Jinja template; empty if there is none
 * @param rule the special tokens, and which of them are added to a text
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
    /** The names of the two files. */
    public static final String TOKENIZER = "tokenizer.json";

    /** See {@link #TOKENIZER}. */
    public static final String CONFIGURATION = "tokenizer_config.json";

    /** The key of {@code tokenizer_config.json} that only tokenizers trained here have; names their pre-tokenizer. */
    public static final String TRAINED_HERE = "rootstock_pre_tokenizer";

    /** Where newer directories keep the chat template. */
    public static final String CHAT_TEMPLATE = "chat_template.jinja";

    /**
     * A token that never comes from merges.
     *
     * @param special whether it stands for no text, and is found in text only where that is asked for
     */
    public record AddedToken(String content, int id, boolean special) {}

    public TokenizerFiles {
        tokens = List.copyOf(tokens);
        merges = List.copyOf(merges);
        addedTokens = List.copyOf(addedTokens);
    }

    /** The number of tokens, added ones included. */
    public int vocabularySize() {
        return tokens.size();
    }

    /** The added tokens that stand for no text. */
    public List<AddedToken> specialTokens() {
        return addedTokens.stream().filter(AddedToken::special).toList();
    }

    /** Whether the token with this id is special. */
    public boolean isSpecial(int id) {
        return specialTokens().stream().anyMatch(token -> token.id() == id);
    }

    /** The files of a tokenizer's directory that belong to it. */
    public static List<String> names(Path directory) {
        return Files.isRegularFile(directory.resolve(CHAT_TEMPLATE))
                ? List.of(TOKENIZER, CONFIGURATION, CHAT_TEMPLATE)
                : List.of(TOKENIZER, CONFIGURATION);
    }

    /** The text of these tokens. Added ones stand as their names, ids of no token as nothing; bytes that are no UTF-8 as U+FFFD. */
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
     * Reads and checks a tokenizer's directory.
     *
     * @throws InvalidCheckpointException if a file is missing, damaged, or states no tokenizer of this kind
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

    /** The template, or of several the one named default. */
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
        TokenizerForm form = TokenizerForm.read(file, json, configuration);
        List<AddedToken> added = addedTokens(file, json.path("added_tokens"));
        List<String> tokens = tokens(file, model.path("vocab"), added);
        SpecialTokenRule rule = rule(file, json, configuration);
        EarlierTokenizer.refuse(file, configuration, rule);
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
                    "has a merge whose sides or result are no tokens: " + merge);
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
