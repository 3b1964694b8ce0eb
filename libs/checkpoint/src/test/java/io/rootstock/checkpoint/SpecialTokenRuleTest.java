package io.rootstock.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.checkpoint.SpecialTokenRule.Token;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        assertThat(rule.sequence(TEXT, 100)).containsExactly(258, 65, 66, 67, 259);
        assertThat(rule.sequence(TEXT, 4)).containsExactly(258, 65, 66, 259);
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
        assertThat(rule.sequence(TEXT, 100)).containsExactly(65, 66, 67, 261);
        assertThat(rule.sequence(TEXT, 3)).containsExactly(65, 66, 261);
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

    /** llama.cpp's defaults by pre-tokenizer for a missing key; an existing key takes precedence. */
    @ParameterizedTest
    @CsvSource({
        "gpt-2, , false",
        "smollm, , false",
        "qwen2, , false",
        "llama-bpe, , true",
        "tekken, , true",
        "gpt-2, true, true",
        "llama-bpe, false, false"
    })
    void readsGguf(String pre, Boolean key, boolean adds) throws IOException {
        GgufWriter writer = new GgufWriter();
        writer.text("tokenizer.ggml.pre", pre)
                .texts("tokenizer.ggml.tokens", List.of("a", "<s>", "</s>", "<|im_end|>"))
                .unsigned("tokenizer.ggml.bos_token_id", 1)
                .unsigned("tokenizer.ggml.eos_token_id", 2);
        if (key != null) {
            writer.bool("tokenizer.ggml.add_bos_token", key);
        }
        Path file = folder.resolve("tokens.gguf");
        writer.write(file);

        assertThat(SpecialTokenRule.readGguf(file))
                .isEqualTo(new SpecialTokenRule(
                        adds,
                        false,
                        Optional.of(new Token(1, "<s>")),
                        new Token(2, "</s>"),
                        List.of(new Token(3, "<|im_end|>")),
                        new Token(2, "</s>")));
    }

    @Test
    void refusesAGgufThatAddsABosThatItDoesNotName() throws IOException {
        Path file = folder.resolve("tokens.gguf");
        new GgufWriter()
                .text("tokenizer.ggml.pre", "llama-bpe")
                .texts("tokenizer.ggml.tokens", List.of("a", "b"))
                .unsigned("tokenizer.ggml.eos_token_id", 1)
                .write(file);

        assertThatThrownBy(() -> SpecialTokenRule.readGguf(file))
                .isInstanceOf(InvalidGgufException.class)
                .hasMessage("key tokenizer.ggml.bos_token_id is missing, and BOS is added to every text");
    }

    @Test
    void anExportedGgufHasTheRuleOfItsTokenizer() throws IOException {
        for (Path tokenizer : List.of(
                TinyModel.tokenizer(folder.resolve("with")),
                TinyModel.tokenizerWithoutBos(folder.resolve("without")))) {
            Path file = tokenizer.resolve("model.gguf");
            TokenizerFiles files = TokenizerFiles.read(tokenizer);
            Gguf.writeLlama(file, TinyModel.CONFIG, TinyModel.tensors(TinyModel.CONFIG, 0), files, "tiny");

            assertThat(SpecialTokenRule.readGguf(file)).isEqualTo(files.rule());
        }
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
