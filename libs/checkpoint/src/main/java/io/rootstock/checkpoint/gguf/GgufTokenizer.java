package io.rootstock.checkpoint.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.checkpoint.Json;
import io.rootstock.checkpoint.tokenizer.PreTokenization;
import io.rootstock.checkpoint.tokenizer.SpecialTokenRule;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes the tokenizer of a GGUF model as {@code tokenizer.json} and {@code tokenizer_config.json}. It splits, merges
 * and finds special tokens as llama.cpp does: no normalization, the pre-tokenizer of {@code tokenizer.ggml.pre},
 * control and user-defined tokens as added tokens.
 */
final class GgufTokenizer {
    private static final int TOKEN_UNKNOWN = 2;

    private final GgufHeader header;
    private final String architecture;
    private final List<String> tokens;
    private final List<Long> types;
    private final SpecialTokenRule rule;

    private GgufTokenizer(GgufHeader header) {
        this.header = header;
        this.architecture = header.text("general.architecture");
        this.tokens = header.texts("tokenizer.ggml.tokens");
        this.types = header.integers("tokenizer.ggml.token_type");
        this.rule = GgufSpecialTokens.read(header);
    }

    /**
     * Rejects a SentencePiece tokenizer: a file does not state how its text is split around special tokens.
     *
     * @throws InvalidGgufException if the tokenizer is not byte-level BPE
     */
    static void requireByteLevel(GgufHeader header) {
        if (header.text("tokenizer.ggml.model").equals(GgufVocabularyValidator.SENTENCE_PIECE)) {
            throw new InvalidGgufException(
                    "tokenizer.ggml.model is llama (SentencePiece: Llama 2, older Mistral, Gemma),"
                            + " which is imported from the model's Hugging Face directory; a GGUF file must have gpt2"
                            + " (byte-level BPE)");
        }
    }

    /** Writes both files into an existing directory; the header must be validated. */
    static void write(GgufHeader header, Path directory) throws IOException {
        requireByteLevel(header);
        GgufTokenizer tokenizer = new GgufTokenizer(header);
        Files.writeString(
                directory.resolve(TokenizerFiles.TOKENIZER), tokenizer.json().toString());
        Json.write(directory.resolve(TokenizerFiles.CONFIGURATION), tokenizer.configuration());
    }

    private ObjectNode json() {
        GgufPreTokenizer pre =
                GgufPreTokenizer.of(header.text("tokenizer.ggml.pre")).orElseThrow();
        ObjectNode root = Json.MAPPER.createObjectNode().put("version", "1.0");
        root.putNull("truncation");
        root.putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        for (int id = 0; id < size(); id++) {
            if (isAdded(id)) {
                added.add(added(id).put("id", id));
            }
        }
        root.putNull("normalizer");
        root.set("pre_tokenizer", PreTokenization.toJson(pre.name()));
        root.set("post_processor", rule.postProcessor());
        root.set("decoder", PreTokenization.byteLevel(true));
        root.set("model", model(pre.ignoreMerges()));
        return root;
    }

    private ObjectNode model(boolean ignoreMerges) {
        ObjectNode model = Json.MAPPER.createObjectNode().put("type", "BPE");
        for (String unused : List.of("dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix")) {
            model.putNull(unused);
        }
        model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", ignoreMerges);
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < size(); id++) {
            vocabulary.put(tokens.get(id), id);
        }
        ArrayNode merges = model.putArray("merges");
        for (String merge : header.texts("tokenizer.ggml.merges")) {
            int blank = merge.indexOf(' ', 1);
            merges.addArray().add(merge.substring(0, blank)).add(merge.substring(blank + 1));
        }
        return model;
    }

    private ObjectNode configuration() {
        ObjectNode json = Json.MAPPER.createObjectNode().put("tokenizer_class", "PreTrainedTokenizerFast");
        ObjectNode added = json.putObject("added_tokens_decoder");
        for (int id = 0; id < size(); id++) {
            if (isAdded(id)) {
                added.set(Integer.toString(id), added(id));
            }
        }
        rule.bos().ifPresent(token -> json.put("bos_token", token.text()));
        json.put("eos_token", rule.eos().text());
        json.put("pad_token", rule.pad().text());
        header.integer("tokenizer.ggml.unknown_token_id")
                .filter(id -> id >= 0 && id < size())
                .ifPresent(id -> json.put("unk_token", tokens.get(id.intValue())));
        json.put("add_bos_token", rule.addBos());
        json.put("add_eos_token", rule.addEos());
        json.put("clean_up_tokenization_spaces", false);
        json.put("model_max_length", header.count(architecture + ".context_length"));
        if (header.has("tokenizer.chat_template")) {
            json.put("chat_template", header.text("tokenizer.chat_template"));
        }
        return json;
    }

    private ObjectNode added(int id) {
        return Json.MAPPER
                .createObjectNode()
                .put("content", tokens.get(id))
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", types.get(id) != Gguf.TOKEN_USER_DEFINED);
    }

    /** Tokens that llama.cpp matches in a text before it splits the rest; all others come from merges. */
    private boolean isAdded(int id) {
        return types.get(id) == Gguf.TOKEN_CONTROL
                || types.get(id) == Gguf.TOKEN_USER_DEFINED
                || types.get(id) == TOKEN_UNKNOWN;
    }

    /**
     * Returns the tokens without those that converters add to pad the embedding: unused ones at the end, named by id.
     */
    private int size() {
        int size = tokens.size();
        while (size > 0
                && types.get(size - 1) == Gguf.TOKEN_UNUSED
                && tokens.get(size - 1).equals("[PAD" + (size - 1) + "]")) {
            size--;
        }
        return size;
    }
}
