package io.rootstock.checkpoint.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.Json;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Tokenizer files written by an earlier version. Its models read BOS before every text, but the files do not state it:
 * the post-processor has no template, {@code add_bos_token} is false, and the chat template has no {@code bos_token}.
 */
public final class LegacyTokenizer {
    private static final String BOS_IN_TEMPLATE = "{{ bos_token }}";

    private LegacyTokenizer() {}

    static void refuse(Path file, JsonNode configuration, SpecialTokenRule rule) {
        if (isEarlier(configuration, rule)) {
            throw new InvalidCheckpointException(file
                    + " was written by an earlier version, which did not say that BOS is added to a text; train the"
                    + " tokenizer again, or of a model: rootstock models export MODEL DIR, then rootstock models import"
                    + " NAME DIR/huggingface");
        }
    }

    private static boolean isEarlier(JsonNode configuration, SpecialTokenRule rule) {
        return configuration.has(TokenizerFiles.TRAINED_HERE) && !rule.addBos();
    }

    /**
     * Corrects the files of a model's directory to the training's rule; other tokenizers are left unchanged.
     *
     * @return whether files were changed
     */
    public static boolean update(Path directory) throws IOException {
        Path tokenizerFile = directory.resolve(TokenizerFiles.TOKENIZER);
        Path configurationFile = directory.resolve(TokenizerFiles.CONFIGURATION);
        ObjectNode configuration = (ObjectNode) Json.readObject(configurationFile);
        if (!configuration.has(TokenizerFiles.TRAINED_HERE)) {
            return false;
        }
        ObjectNode tokenizer = (ObjectNode) Json.readObject(tokenizerFile);
        SpecialTokenRule rule = TokenizerFiles.rule(tokenizerFile, tokenizer, configuration);
        if (!isEarlier(configuration, rule)) {
            return false;
        }
        SpecialTokenRule withBos =
                new SpecialTokenRule(true, rule.addEos(), rule.bos(), rule.eos(), rule.endOfTurn(), rule.pad());
        tokenizer.set("post_processor", withBos.postProcessor());
        configuration.put("add_bos_token", true);
        String template = configuration.path("chat_template").asText("");
        if (!template.isEmpty() && !template.contains("bos_token")) {
            configuration.put("chat_template", BOS_IN_TEMPLATE + template);
        }
        Json.write(tokenizerFile, tokenizer);
        Json.write(configurationFile, configuration);
        return true;
    }
}
