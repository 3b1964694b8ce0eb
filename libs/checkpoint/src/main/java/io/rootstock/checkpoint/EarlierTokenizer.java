package io.rootstock.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The files of a tokenizer that an earlier version trained. Its models read BOS before every text, but its files do not
 * say so: no template in the post-processor, {@code add_bos_token} false, no {@code bos_token} in the chat template.
 */
public final class EarlierTokenizer {
    private static final String BOS_IN_TEMPLATE = "{{ bos_token }}";

    private EarlierTokenizer() {}

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
     * Lets the files of a model's directory say what the model was trained with; those of other tokenizers stay as they are.
     *
     * @return whether they were changed
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
