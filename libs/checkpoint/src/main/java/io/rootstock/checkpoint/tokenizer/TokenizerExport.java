package io.rootstock.checkpoint.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.checkpoint.Json;
import io.rootstock.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the tokenizer files of an exported model. Those of a language model are copied byte for byte; only for a
 * tokenizer trained by Rootstock the model's context length is set. A classifier reads {@code [BOS] text EOS}, so its
 * files add EOS and truncate texts to the trained length.
 */
public final class TokenizerExport {
    private TokenizerExport() {}

    /**
     * Returns a padding token that is not EOS: transformers reads the class at the last token that is not padding, and
     * some tokenizers use EOS as padding (SmolLM2).
     */
    private static SpecialTokenRule.Token pad(TokenizerFiles files) {
        SpecialTokenRule rule = files.rule();
        if (rule.padId() != rule.eosId()) {
            return rule.pad();
        }
        return files.specialTokens().stream()
                .filter(token ->
                        token.id() != rule.eosId() && token.id() != rule.bosId().orElse(rule.eosId()))
                .findFirst()
                .map(token -> new SpecialTokenRule.Token(token.id(), token.content()))
                .orElse(rule.pad());
    }

    /**
     * Writes the tokenizer files.
     *
     * @param source directory of the tokenizer
     * @param target directory of the model
     * @param context maximum length of a text in tokens, special tokens included
     */
    public static void write(Path source, Path target, boolean classifier, int context) throws IOException {
        for (String name : TokenizerFiles.names(source)) {
            AtomicFile.write(target.resolve(name), Files.readAllBytes(source.resolve(name)));
        }
        ObjectNode configuration = (ObjectNode) Json.readObject(source.resolve(TokenizerFiles.CONFIGURATION));
        if (classifier) {
            TokenizerFiles files = TokenizerFiles.read(source);
            SpecialTokenRule rule = files.rule();
            configuration.put("add_bos_token", rule.addBos()).put("add_eos_token", rule.addEos());
            configuration.put("eos_token", rule.eos().text());
            configuration.put("pad_token", pad(files).text());
        }
        if (classifier || configuration.has(TokenizerFiles.TRAINED_HERE)) {
            configuration.put("model_max_length", context);
            Json.write(target.resolve(TokenizerFiles.CONFIGURATION), configuration);
        }
    }
}
