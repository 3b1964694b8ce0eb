package io.rootstock.checkpoint.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.tokenizer.SpecialTokenRule.Token;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Reads the {@link SpecialTokenRule} of a tokenizer's directory. The post-processor of {@code tokenizer.json} alone
 * defines the tokens added to a text: transformers 5 ignores {@code add_bos_token} and {@code add_eos_token} of
 * {@code tokenizer_config.json} if {@code tokenizer.json} exists. {@code tokenizer_config.json} defines the roles of
 * the tokens.
 */
record SpecialTokenFiles(Path file, List<TokenizerFiles.AddedToken> added, JsonNode config) {
    private static final List<String> END_OF_TEXT = List.of("<|end_of_text|>", "<|endoftext|>");
    private static final List<String> PAD = List.of("<|pad|>", "<|finetune_right_pad_id|>");

    SpecialTokenRule rule(JsonNode postProcessor) {
        return rule(PostProcessor.read(file, postProcessor));
    }

    /**
     * Returns the rule of a tokenizer without {@code tokenizer.json}: {@code add_bos_token} (default true) and
     * {@code add_eos_token} (default false) decide, as in transformers' LlamaTokenizer.
     */
    SpecialTokenRule ruleOfConfiguration() {
        Optional<Token> bos = config.path("add_bos_token").asBoolean(true) ? stated("bos_token") : Optional.empty();
        Optional<Token> eos = config.path("add_eos_token").asBoolean(false) ? stated("eos_token") : Optional.empty();
        return rule(new PostProcessor(bos, eos));
    }

    private SpecialTokenRule rule(PostProcessor processor) {
        Optional<Token> bos = agreeing("bos_token", processor.before(), "before");
        Optional<Token> stated = agreeing("eos_token", processor.after(), "after");
        Token eos = stated.or(() -> first(END_OF_TEXT))
                .orElseThrow(() -> new InvalidCheckpointException(file + " has no special token that ends a text:"
                        + " tokenizer_config.json states no eos_token, and the vocabulary has none of " + END_OF_TEXT));
        return new SpecialTokenRule(
                processor.before().isPresent(),
                processor.after().isPresent(),
                bos,
                eos,
                SpecialTokenRule.END_OF_TURN.stream()
                        .flatMap(text -> token(text).stream())
                        .toList(),
                stated("pad_token").or(() -> first(PAD)).orElse(eos));
    }

    /** Returns the post-processor's token; the configuration must not state a different one. */
    private Optional<Token> agreeing(String key, Optional<Token> processed, String where) {
        Optional<Token> stated = stated(key);
        if (processed.isPresent() && stated.isPresent() && !processed.equals(stated)) {
            throw new InvalidCheckpointException(file + " has a post_processor that adds '"
                    + processed.get().text() + "' " + where + " a text, but the " + key
                    + " in tokenizer_config.json is '"
                    + stated.get().text() + "', which is not supported; make them the same");
        }
        return processed.or(() -> stated);
    }

    private Optional<Token> stated(String key) {
        JsonNode token = config.path(key);
        return token(token.isObject() ? token.path("content").asText() : token.asText(""));
    }

    private Optional<Token> first(List<String> texts) {
        return texts.stream().flatMap(text -> token(text).stream()).findFirst();
    }

    private Optional<Token> token(String text) {
        return added.stream()
                .filter(token -> token.content().equals(text))
                .findFirst()
                .map(token -> new Token(token.id(), text));
    }
}
