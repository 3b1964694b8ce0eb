package io.rootstock.cli.export;

import io.rootstock.chat.ChatTemplate;
import io.rootstock.trainer.v1.SpecialTokens;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Ollama's description of a GGUF model.
 *
 * @param model file name of the model
 * @param adapter file name of an adapter for it
 * @param chatTemplate the model's Jinja template; empty: it has none
 * @param tokens its special tokens
 */
public record Modelfile(String model, Optional<String> adapter, String chatTemplate, SpecialTokens tokens) {
    private static final String CHATML = """
            TEMPLATE \"""{{- range .Messages }}<|im_start|>{{ .Role }}
            {{ .Content }}<|im_end|>
            {{ end }}<|im_start|>assistant
            \"""
            """;

    /** Text of the file; "ollama create NAME -f Modelfile" reads it. */
    public String text() {
        StringBuilder text = new StringBuilder("FROM ./").append(model).append('\n');
        adapter.ifPresent(file -> text.append("ADAPTER ./").append(file).append('\n'));
        text.append(template());
        Stream.concat(tokens.getEndOfTurnList().stream(), Stream.of(tokens.getEos()))
                .filter(token -> !token.isEmpty())
                .distinct()
                .forEach(token -> text.append("PARAMETER stop \"").append(token).append("\"\n"));
        return text.toString();
    }

    /** Ollama has templates of its own, in Go's syntax; it chooses one for the Jinja templates that it knows. */
    private String template() {
        return switch (chatTemplate) {
            case "" -> "TEMPLATE \"\"\"{{ .Prompt }}\"\"\"\n";
            case ChatTemplate.CHATML -> CHATML;
            default ->
                "# Ollama chooses the template that resembles the GGUF file's Jinja template; see: ollama show NAME"
                        + " --template\n";
        };
    }
}
