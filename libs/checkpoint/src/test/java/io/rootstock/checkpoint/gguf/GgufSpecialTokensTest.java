package io.rootstock.checkpoint.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.checkpoint.tokenizer.SpecialTokenRule;
import io.rootstock.checkpoint.tokenizer.SpecialTokenRule.Token;
import io.rootstock.checkpoint.tokenizer.TinyModel;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GgufSpecialTokensTest {
    @TempDir
    Path folder;

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
    void addsBosAsLlamaCpp(String pre, Boolean key, boolean adds) throws IOException {
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

        assertThat(GgufSpecialTokens.read(file))
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

        assertThatThrownBy(() -> GgufSpecialTokens.read(file))
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
            Gguf.writeLlama(file, TinyModel.CONFIG, TinyModel.tensors(TinyModel.SHAPE), files, "tiny");

            assertThat(GgufSpecialTokens.read(file)).isEqualTo(files.rule());
        }
    }
}
