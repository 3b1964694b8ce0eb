package io.rootstock.cli.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.chat.ChatTemplate;
import io.rootstock.trainer.v1.SpecialTokens;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ModelfileTest {
    private static final SpecialTokens TOKENS = SpecialTokens.newBuilder()
            .setEos("<|end_of_text|>")
            .addEndOfTurn("<|im_end|>")
            .build();

    @Test
    void aModelTrainedHereHasItsTemplateInGosSyntax() {
        assertThat(new Modelfile("model.gguf", Optional.empty(), ChatTemplate.CHATML, TOKENS).text())
                .isEqualTo("""
                        FROM ./model.gguf
                        TEMPLATE \"""{{- range .Messages }}<|im_start|>{{ .Role }}
                        {{ .Content }}<|im_end|>
                        {{ end }}<|im_start|>assistant
                        \"""
                        PARAMETER stop "<|im_end|>"
                        PARAMETER stop "<|end_of_text|>"
                        """);
    }

    @Test
    void aBaseModelCompletesThePrompt() {
        assertThat(new Modelfile("base.gguf", Optional.of("adapter.gguf"), "", SpecialTokens.getDefaultInstance())
                        .text())
                .isEqualTo("""
                        FROM ./base.gguf
                        ADAPTER ./adapter.gguf
                        TEMPLATE \"""{{ .Prompt }}\"""
                        """);
    }

    @Test
    void anotherTemplateIsLeftToOllama() {
        assertThat(new Modelfile("model.gguf", Optional.empty(), "{{ messages }}", TOKENS).text())
                .doesNotContain("\nTEMPLATE ")
                .contains("PARAMETER stop \"<|im_end|>\"\n");
    }
}
