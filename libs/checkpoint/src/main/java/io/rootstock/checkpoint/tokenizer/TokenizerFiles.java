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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A BPE tokenizer as its directory states it: {@code tokenizer.json} (Hugging Face's format) or, without it,
 * SentencePiece's {@code tokenizer.model}; {@code tokenizer_config.json} and, in newer directories,
 * {@code chat_template.jinja}. The files are validated for export, not used to tokenize.
 *
 * @param tokens all tokens in id order, in the GPT-2 byte alphabet, or as pieces; added tokens as plain text
 * @param merges the merges in rank order, {@code "left right"}; none of a {@code tokenizer.model}
 * @param addedTokens tokens that are not produced by merges, in id order
 * @param preTokenizer {@code gpt2}, {@code cl100k}, {@code llama3}, {@code qwen2}, {@code smollm}, {@code tekken},
 *     {@code o200k} or {@code sentencepiece}
 * @param pieces spelling and merging of a SentencePiece tokenizer; empty: byte-level
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
        Optional<PieceForm> pieces,
        boolean ignoreMerges,
        boolean composed,
        String chatTemplate,
        SpecialTokenRule rule) {
    /** File name of the tokenizer. */
    public static final String TOKENIZER = "tokenizer.json";

    /** File name of a SentencePiece model, which is read where {@link #TOKENIZER} is missing. */
    public static final String SENTENCE_PIECE_MODEL = "tokenizer.model";

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
        Set<Integer> added = addedIds();
        List<byte[]> bytes = new ArrayList<>(tokens.size());
        for (int id = 0; id < tokens.size(); id++) {
            bytes.add(bytes(id, added));
        }
        return bytes;
    }

    private Set<Integer> addedIds() {
        Set<Integer> added = new HashSet<>();
        addedTokens.forEach(token -> added.add(token.id()));
        return added;
    }

    private byte[] bytes(int id, Set<Integer> added) {
        if (added.contains(id)) {
            return tokens.get(id).getBytes(StandardCharsets.UTF_8);
        }
        return pieces.isPresent() ? pieces.get().bytes(id) : ByteAlphabet.bytes(tokens.get(id));
    }

    /** Returns the names of the tokenizer files that exist in the directory. */
    public static List<String> names(Path directory) {
        List<String> names = new ArrayList<>();
        boolean model = Files.isRegularFile(directory.resolve(SENTENCE_PIECE_MODEL));
        if (!model || Files.isRegularFile(directory.resolve(TOKENIZER))) {
            names.add(TOKENIZER);
        }
        if (model) {
            names.add(SENTENCE_PIECE_MODEL);
        }
        names.add(CONFIGURATION);
        if (Files.isRegularFile(directory.resolve(CHAT_TEMPLATE))) {
            names.add(CHAT_TEMPLATE);
        }
        return List.copyOf(names);
    }

    /** Name of the file in the directory that defines the tokens. */
    public static String definition(Path directory) {
        return names(directory).getFirst();
    }

    /**
     * Decodes tokens. Added tokens appear as their content, unknown ids are skipped, invalid UTF-8 becomes U+FFFD. The
     * blank that a SentencePiece tokenizer adds before a text is removed.
     */
    public String text(int[] ids) {
        Set<Integer> added = addedIds();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int id : ids) {
            if (id < tokens.size()) {
                bytes.writeBytes(bytes(id, added));
            }
        }
        String text = bytes.toString(StandardCharsets.UTF_8);
        boolean prefixed =
                pieces.filter(form -> form.prefix() != PieceForm.Prefix.NONE).isPresent()
                        && ids.length > 0
                        && !added.contains(ids[0])
                        && text.startsWith(" ");
        return prefixed ? text.substring(1) : text;
    }

    /**
     * Reads and validates a tokenizer's directory.
     *
     * @throws InvalidCheckpointException if a file is missing or damaged, or the tokenizer is not supported
     */
    public static TokenizerFiles read(Path directory) throws IOException {
        Path file = directory.resolve(definition(directory));
        try {
            JsonNode configuration = Json.readObject(directory.resolve(CONFIGURATION));
            Path template = directory.resolve(CHAT_TEMPLATE);
            String chatTemplate =
                    Files.isRegularFile(template) ? Files.readString(template) : chatTemplate(configuration);
            return file.endsWith(SENTENCE_PIECE_MODEL)
                    ? PieceModelFile.read(file, configuration, chatTemplate)
                    : read(file, Json.readObject(file), configuration, chatTemplate);
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
        String type = model.path("type").asText();
        if (!type.equals("BPE")) {
            throw new InvalidCheckpointException(
                    file + " states the model type '" + type + "'; model.type BPE is supported");
        }
        boolean spelledInPieces = PieceFields.describe(json);
        List<AddedToken> added = VocabularyFields.addedTokens(file, json.path("added_tokens"));
        List<String> tokens = VocabularyFields.tokens(file, model.path("vocab"), added);
        List<String> merges = VocabularyFields.merges(file, model.path("merges"), new HashSet<>(tokens));
        SpecialTokenRule rule = rule(file, json, configuration);
        LegacyTokenizer.refuse(file, configuration, rule);
        if (spelledInPieces) {
            PieceForm form = PieceFields.read(file, json, tokens, added, merges);
            return new TokenizerFiles(
                    tokens,
                    merges,
                    added,
                    PieceForm.PRE_TOKENIZER,
                    Optional.of(form),
                    false,
                    false,
                    chatTemplate,
                    rule);
        }
        PreTokenization form = PreTokenization.read(file, json, configuration);
        VocabularyFields.requireBytes(file, tokens);
        return new TokenizerFiles(
                tokens,
                merges,
                added,
                form.preTokenizer(),
                Optional.empty(),
                model.path("ignore_merges").asBoolean(false),
                form.composed(),
                chatTemplate,
                rule);
    }

    static SpecialTokenRule rule(Path file, JsonNode json, JsonNode configuration) {
        return new SpecialTokenFiles(file, VocabularyFields.addedTokens(file, json.path("added_tokens")), configuration)
                .rule(json.path("post_processor"));
    }
}
