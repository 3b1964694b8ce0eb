package io.rootstock.checkpoint.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.Json;
import io.rootstock.checkpoint.tokenizer.SpecialTokenRule.Token;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpecialTokenRuleTest {
    private static final int[] TEXT = {65, 66, 67};

    @TempDir
    Path folder;

    @Test
    void thePostProcessorOfTokenizerJsonAddsBos() throws IOException {
        SpecialTokenRule rule = rule(TinyModel.tokenizer(folder));

        assertThat(rule)
                .isEqualTo(new SpecialTokenRule(
                        true,
                        false,
                        Optional.of(TinyModel.BOS),
                        TinyModel.EOS,
                        List.of(new Token(261, "<|im_end|>")),
                        new Token(262, "<|pad|>")));
        assertThat(rule.text(TEXT)).containsExactly(258, 65, 66, 67);
        assertThat(rule.beginning(TEXT)).containsExactly(258, 65, 66, 67);
        assertThat(rule.document(TEXT)).containsExactly(258, 65, 66, 67, 259);
        assertThat(rule.classified(TEXT, 100)).containsExactly(258, 65, 66, 67);
        assertThat(rule.classified(TEXT, 3)).containsExactly(258, 65, 66);
        assertThat(rule.classifiedWithEos(TEXT, 100)).containsExactly(258, 65, 66, 67, 259);
        assertThat(rule.classifiedWithEos(TEXT, 4)).containsExactly(258, 65, 66, 259);
        assertThat(rule.endOfGenerationIds()).containsExactly(259, 261);
    }

    /** transformers 5 adds none either: it ignores add_bos_token of tokenizer_config.json beside a tokenizer.json. */
    @Test
    void withoutATemplateNothingIsAddedWhateverTheConfigurationSays() throws IOException {
        SpecialTokenRule rule = rule(TinyModel.tokenizerWithoutBos(folder));

        assertThat(rule.addBos()).isFalse();
        assertThat(rule.bos()).contains(new Token(260, "<|im_start|>"));
        assertThat(rule.eos()).isEqualTo(new Token(261, "<|im_end|>"));
        assertThat(rule.endOfGenerationIds()).containsExactly(261);
        assertThat(rule.text(TEXT)).containsExactly(65, 66, 67);
        assertThat(rule.beginning(new int[0])).isEmpty();
        assertThat(rule.document(TEXT)).containsExactly(65, 66, 67, 261);
        assertThat(rule.classified(TEXT, 100)).containsExactly(65, 66, 67);
        assertThat(rule.classified(TEXT, 2)).containsExactly(65, 66);
        assertThat(rule.classified(new int[0], 2)).containsExactly(261);
    }

    @Test
    void aTemplateMayAddEosToo() throws IOException {
        TinyModel.tokenizer(folder);
        SpecialTokenRule adding =
                new SpecialTokenRule(true, true, Optional.of(TinyModel.BOS), TinyModel.EOS, List.of(), TinyModel.EOS);
        change(TokenizerFiles.TOKENIZER, json -> json.set("post_processor", adding.postProcessor()));

        assertThat(rule(folder).addEos()).isTrue();
        assertThat(rule(folder).text(TEXT)).containsExactly(258, 65, 66, 67, 259);
        assertThat(rule(folder).beginning(TEXT)).containsExactly(258, 65, 66, 67);
        assertThat(rule(folder).classified(TEXT, 4)).containsExactly(258, 65, 66, 259);
        assertThat(rule(folder).classifiedWithEos(TEXT, 4)).containsExactly(258, 65, 66, 259);
    }

    @Test
    void aRuleThatAddsNothingIsByteLevelAlone() {
        SpecialTokenRule none =
                new SpecialTokenRule(false, false, Optional.empty(), TinyModel.EOS, List.of(), TinyModel.EOS);

        assertThat(none.postProcessor().path("type").asText()).isEqualTo("ByteLevel");
        assertThatThrownBy(() ->
                        new SpecialTokenRule(true, false, Optional.empty(), TinyModel.EOS, List.of(), TinyModel.EOS))
                .hasMessage("addBos needs a BOS token");
    }

    @Test
    void theStatedEosEndsATextAlsoWhereThereIsATokenOfThatName() throws IOException {
        TinyModel.tokenizer(folder);
        change(TokenizerFiles.CONFIGURATION, json -> json.putObject("eos_token").put("content", "<|im_end|>"));
        assertThat(rule(folder).eosId()).isEqualTo(261);

        change(TokenizerFiles.CONFIGURATION, json -> json.remove("eos_token"));
        assertThat(rule(folder).eosId()).isEqualTo(259);
    }

    @Test
    void templatesOfOtherFormsAreRefused() throws IOException {
        refuses(json -> json.putObject("post_processor").put("type", "BertProcessing"), "'BertProcessing'");
        refuses(
                json -> {
                    ObjectNode template = template(json);
                    template.withArray("single").add(template.at("/single/0"));
                    template.withArray("single").add(template.at("/single/0"));
                },
                "not [BOS] text [EOS]");
        refuses(json -> template(json).putObject("special_tokens"), "'<|begin_of_text|>' is not one token");
        refuses(
                json -> ((ObjectNode) template(json).at("/special_tokens/<|begin_of_text|>"))
                        .putArray("ids")
                        .add(260),
                "the bos_token in tokenizer_config.json is '<|begin_of_text|>'");
    }

    private static SpecialTokenRule rule(Path tokenizer) throws IOException {
        return TokenizerFiles.read(tokenizer).rule();
    }

    private static ObjectNode template(ObjectNode json) {
        return (ObjectNode) json.at("/post_processor/processors/1");
    }

    private void refuses(Consumer<ObjectNode> damage, String reason) throws IOException {
        TinyModel.tokenizer(folder);
        change(TokenizerFiles.TOKENIZER, damage);

        assertThatThrownBy(() -> rule(folder))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessageContaining("tokenizer.json")
                .hasMessageContaining(reason);
    }

    private void change(String name, Consumer<ObjectNode> change) throws IOException {
        Path file = folder.resolve(name);
        ObjectNode json = (ObjectNode) Json.readObject(file);
        change.accept(json);
        Json.write(file, json);
    }
}
