package io.rootstock.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A byte-level BPE tokenizer as its directory states it: {@code tokenizer.json} (Hugging Face's format) and
 * {@code tokenizer_config.json}. Read, checked and never interpreted: this is what a model file must carry, not a
 * tokenizer.
 *
 * @param tokens all tokens in the order of their ids, written in the GPT-2 byte alphabet; special ones as plain text
 * @param merges the merges in their order, {@code "left right"}
 * @param specialTokens the special tokens in the order of their ids
 * @param preTokenizer {@code gpt2}, {@code cl100k} or {@code llama3}
 * @param ignoreMerges whether a whole pre-token that is a token is taken without merging
 * @param chatTemplate the Jinja template; empty if there is none
 * @param beginOfTextId id of {@code <|begin_of_text|>}
 * @param endOfTextId id of {@code <|end_of_text|>}
 * @param turnStartId id of {@code <|im_start|>}
 * @param turnEndId id of {@code <|im_end|>}
 * @param padId id of {@code <|pad|>}
 */
public record TokenizerFiles(
        List<String> tokens,
        List<String> merges,
        List<SpecialToken> specialTokens,
        String preTokenizer,
        boolean ignoreMerges,
        String chatTemplate,
        int beginOfTextId,
        int endOfTextId,
        int turnStartId,
        int turnEndId,
        int padId) {
    /** The names of the two files. */
    public static final String TOKENIZER = "tokenizer.json";

    /** See {@link #TOKENIZER}. */
    public static final String CONFIGURATION = "tokenizer_config.json";

    private static final Set<String> PRE_TOKENIZERS = Set.of("gpt2", "cl100k", "llama3");

    /** A token that stands for no text. */
    public record SpecialToken(String content, int id) {}

    public TokenizerFiles {
        tokens = List.copyOf(tokens);
        merges = List.copyOf(merges);
        specialTokens = List.copyOf(specialTokens);
    }

    /** The number of tokens, special ones included. */
    public int vocabularySize() {
        return tokens.size();
    }

    /** Whether the token with this id is special. */
    public boolean isSpecial(int id) {
        return specialTokens.stream().anyMatch(token -> token.id() == id);
    }

    /** The text of these tokens. Special ones stand as their names; bytes that are no UTF-8 as U+FFFD. */
    public String text(int[] ids) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int id : ids) {
            String token = tokens.get(id);
            bytes.writeBytes(isSpecial(id) ? token.getBytes(StandardCharsets.UTF_8) : ByteAlphabet.bytes(token));
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
            return read(file, Json.readObject(file), Json.readObject(directory.resolve(CONFIGURATION)));
        } catch (MalformedInputException e) {
            throw new InvalidCheckpointException(directory + " holds a file that is not UTF-8", e);
        }
    }

    private static TokenizerFiles read(Path file, JsonNode json, JsonNode configuration) {
        JsonNode model = json.path("model");
        require(model.path("type").asText().equals("BPE"), file, "states no model of type BPE");
        List<SpecialToken> special = specialTokens(file, json.path("added_tokens"));
        List<String> tokens = tokens(file, model.path("vocab"), special);
        String preTokenizer = configuration.path("rootstock_pre_tokenizer").asText();
        require(
                PRE_TOKENIZERS.contains(preTokenizer),
                file.resolveSibling(CONFIGURATION),
                "must name one of " + PRE_TOKENIZERS.stream().sorted().toList() + " as rootstock_pre_tokenizer, not '"
                        + preTokenizer + "'");
        return new TokenizerFiles(
                tokens,
                merges(file, model.path("merges"), new HashSet<>(tokens)),
                special,
                preTokenizer,
                model.path("ignore_merges").asBoolean(false),
                configuration.path("chat_template").asText(""),
                id(file, special, "<|begin_of_text|>"),
                id(file, special, "<|end_of_text|>"),
                id(file, special, "<|im_start|>"),
                id(file, special, "<|im_end|>"),
                id(file, special, "<|pad|>"));
    }

    private static List<SpecialToken> specialTokens(Path file, JsonNode list) {
        List<SpecialToken> special = new ArrayList<>();
        for (JsonNode token : list) {
            String content = token.path("content").asText();
            require(!content.isEmpty() && token.path("id").isInt(), file, "has an added token without content or id");
            special.add(new SpecialToken(content, token.path("id").intValue()));
        }
        special.sort((a, b) -> Integer.compare(a.id(), b.id()));
        return special;
    }

    private static List<String> tokens(Path file, JsonNode vocabulary, List<SpecialToken> special) {
        require(vocabulary.isObject(), file, "has no vocab");
        List<String> names = new ArrayList<>();
        List<Integer> ids = new ArrayList<>();
        vocabulary.properties().forEach(field -> {
            require(field.getValue().isInt(), file, "gives token '" + field.getKey() + "' no id");
            names.add(field.getKey());
            ids.add(field.getValue().intValue());
        });
        for (SpecialToken token : special) {
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
                .filter(letter -> !known.contains(letter))
                .findFirst();
        require(missing.isEmpty(), file, "has no token for every byte: " + missing.orElse(""));
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

    private static int id(Path file, List<SpecialToken> special, String content) {
        return special.stream()
                .filter(token -> token.content().equals(content))
                .findFirst()
                .orElseThrow(() -> new InvalidCheckpointException(file + " has no special token " + content))
                .id();
    }

    private static void require(boolean condition, Path file, String otherwise) {
        if (!condition) {
            throw new InvalidCheckpointException(file + " " + otherwise);
        }
    }
}
