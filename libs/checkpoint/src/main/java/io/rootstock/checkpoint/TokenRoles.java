package io.rootstock.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Which added tokens begin and end what. Tokenizers trained here have names for them; those of others name the token that
 * ends whatever the model writes ({@code eos_token}: of a base a document, of an instruction model an answer) and maybe
 * one that begins it.
 */
record TokenRoles(Path file, List<TokenizerFiles.AddedToken> added, JsonNode configuration) {
    private static final String TURN_START = "<|im_start|>";

    /** The stated one; where there is none, or it begins a message (SmolLM2), the one that parts documents. */
    int beginOfText() {
        return stated("bos_token")
                .filter(token -> !token.content().equals(TURN_START))
                .map(TokenizerFiles.AddedToken::id)
                .orElseGet(this::endOfText);
    }

    int endOfText() {
        return first("<|end_of_text|>", "<|endoftext|>")
                .or(() -> stated("eos_token"))
                .map(TokenizerFiles.AddedToken::id)
                .orElseThrow(() -> new InvalidCheckpointException(file
                        + " has no special token that ends a text: no <|end_of_text|>, no <|endoftext|>, and no eos_token"
                        + " in tokenizer_config.json"));
    }

    int turnEnd() {
        return first("<|eot_id|>", "<|im_end|>")
                .or(() -> stated("eos_token"))
                .map(TokenizerFiles.AddedToken::id)
                .orElseGet(this::endOfText);
    }

    int padding() {
        return stated("pad_token")
                .or(() -> first("<|pad|>", "<|finetune_right_pad_id|>"))
                .map(TokenizerFiles.AddedToken::id)
                .orElseGet(this::endOfText);
    }

    private Optional<TokenizerFiles.AddedToken> stated(String key) {
        JsonNode token = configuration.path(key);
        return first(token.isObject() ? token.path("content").asText() : token.asText());
    }

    private Optional<TokenizerFiles.AddedToken> first(String... contents) {
        for (String content : contents) {
            for (TokenizerFiles.AddedToken token : added) {
                if (token.content().equals(content)) {
                    return Optional.of(token);
                }
            }
        }
        return Optional.empty();
    }
}
