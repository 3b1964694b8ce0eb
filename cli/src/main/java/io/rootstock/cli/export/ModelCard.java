package io.rootstock.cli.export;

import io.rootstock.cli.client.Names;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Labels;
import io.rootstock.cli.display.MixturePlanTable;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Model card of an exported version, in Hugging Face's format: YAML metadata and Markdown.
 *
 * @param version the version
 * @param ancestors the versions it was fine-tuned from, the closest first
 * @param license license identifier; empty: not stated
 * @param parts exported parts
 */
public record ModelCard(Version version, List<Version> ancestors, Optional<String> license, Set<Part> parts) {
    /** A part of an export. */
    public enum Part {
        HUGGING_FACE,
        ADAPTER,
        GGUF,
        GGUF_ADAPTER
    }

    public ModelCard {
        ancestors = List.copyOf(ancestors);
        parts = Set.copyOf(parts);
    }

    /** Text of {@code README.md}. */
    public String text() {
        return metadata() + heading() + lineage() + metrics() + uses();
    }

    private boolean classifier() {
        return version.getKind() == VersionKind.VERSION_KIND_CLASSIFIER;
    }

    private String metadata() {
        StringBuilder text = new StringBuilder("---\n");
        text.append("library_name: ")
                .append(parts.contains(Part.HUGGING_FACE) ? "transformers" : "peft")
                .append('\n');
        text.append("pipeline_tag: ")
                .append(classifier() ? "text-classification" : "text-generation")
                .append('\n');
        license.ifPresent(id -> text.append("license: ").append(id).append('\n'));
        return text.append("tags:\n- rootstock\n---\n\n").toString();
    }

    private String heading() {
        String made = version.getJob().isEmpty() ? "Registered" : "Trained by " + version.getJob() + ",";
        return """
                # %s

                %s, exported from Rootstock. %s %s.

                """.formatted(
                        Names.brief(version.getName()),
                        switch (version.getKind()) {
                            case VERSION_KIND_INSTRUCT -> "Instruction-tuned language model";
                            case VERSION_KIND_CLASSIFIER -> "Text classifier";
                            case VERSION_KIND_BASE, VERSION_KIND_UNSPECIFIED, UNRECOGNIZED -> "Base language model";
                        },
                        made,
                        Format.time(version.getCreateTime()));
    }

    private String lineage() {
        StringBuilder text = new StringBuilder(
                "## Lineage\n\n| version | kind | license | dataset | dataset digest |\n|---|---|---|---|---|\n");
        row(text, version);
        ancestors.forEach(ancestor -> row(text, ancestor));
        text.append("\nTokenizer: ")
                .append(stated(version.getTokenizer()))
                .append(", ")
                .append(stated(version.getTokenizerDigest()))
                .append("\n\n## License\n\n")
                .append(license.orElse("Not stated."))
                .append(ancestors.isEmpty() ? "\n\n" : " The licenses of the models in the lineage apply too.\n\n");
        return text.toString();
    }

    private static void row(StringBuilder text, Version version) {
        text.append("| %s | %s | %s | %s | %s |\n"
                .formatted(
                        Names.brief(version.getName()),
                        Labels.of(version.getKind()),
                        stated(version.getLicense()),
                        stated(MixturePlanTable.data(version)),
                        stated(MixturePlanTable.digest(version))));
    }

    private static String stated(String value) {
        return value.isEmpty() ? "not stated" : value;
    }

    private String metrics() {
        if (version.getMetricsMap().isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder("## Metrics\n\n| metric | value |\n|---|---|\n");
        new TreeMap<>(version.getMetricsMap())
                .forEach((name, value) -> text.append("| %s | %s |\n".formatted(name, Format.fixed(value, 4))));
        return text.append('\n').toString();
    }

    private String uses() {
        StringBuilder text = new StringBuilder("## Use\n\nPaths are relative to the directory of the export.\n");
        if (parts.contains(Part.HUGGING_FACE)) {
            text.append(classifier() ? transformersClassifier() : transformers());
        }
        if (parts.contains(Part.ADAPTER)) {
            text.append(peft());
        }
        if (parts.contains(Part.GGUF) && !classifier()) {
            text.append(llama(parts.contains(Part.GGUF_ADAPTER)));
        }
        return text.toString();
    }

    private static String transformers() {
        return """

                transformers:

                ```python
                from transformers import AutoModelForCausalLM, AutoTokenizer

                tokenizer = AutoTokenizer.from_pretrained("huggingface")
                model = AutoModelForCausalLM.from_pretrained("huggingface")
                ```

                vLLM, with OpenAI's HTTP API:

                ```sh
                vllm serve ./huggingface
                ```
                """;
    }

    private static String transformersClassifier() {
        return """

                transformers:

                ```python
                from transformers import pipeline

                pipeline("text-classification", "huggingface")("a text")
                ```
                """;
    }

    private String peft() {
        return """

                PEFT; the base is in `base`:

                ```python
                from peft import %1$s
                from transformers import AutoTokenizer

                tokenizer = AutoTokenizer.from_pretrained("base")
                model = %1$s.from_pretrained("adapter")
                ```
                """.formatted(classifier() ? "AutoPeftModelForSequenceClassification" : "AutoPeftModelForCausalLM");
    }

    private static String llama(boolean adapter) {
        return """

                llama.cpp:

                ```sh
                llama-server -m %s
                ```

                Ollama:

                ```sh
                ollama create my-model -f Modelfile
                ollama run my-model
                ```
                """.formatted(adapter ? "base.gguf --lora adapter.gguf" : "model.gguf");
    }
}
