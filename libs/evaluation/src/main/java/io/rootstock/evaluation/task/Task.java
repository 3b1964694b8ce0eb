package io.rootstock.evaluation.task;

import io.rootstock.yaml.YamlText;
import java.util.List;
import java.util.Optional;

/**
 * A task file after its includes are merged.
 *
 * @param name {@code task}
 * @param file task file
 * @param version {@code metadata.version}, if stated
 * @param dataset row files
 * @param trainingSplit {@code training_split}
 * @param validationSplit {@code validation_split}
 * @param testSplit {@code test_split}
 * @param outputType request kind
 * @param text {@code doc_to_text}: field name or template
 * @param target {@code doc_to_target}
 * @param choices {@code doc_to_choice}; present for multiple_choice
 * @param description text or template before the examples; empty by default
 * @param targetDelimiter text between a context and its answer
 * @param fewshotDelimiter text after each few-shot example
 * @param fewShots few-shot examples
 * @param generation stop sequences and length of generate_until; present for that type
 * @param metrics metrics in the file's order
 * @param filters pipelines in the file's order
 * @param decontaminationQuery field name or template of the text that a contamination check searches, if requested
 * @param classes settings for classifiers and metrics of classes
 */
public record Task(
        String name,
        String file,
        Optional<String> version,
        DatasetReference dataset,
        Optional<String> trainingSplit,
        Optional<String> validationSplit,
        Optional<String> testSplit,
        OutputType outputType,
        YamlText text,
        Target target,
        Optional<Choices> choices,
        YamlText description,
        String targetDelimiter,
        String fewshotDelimiter,
        FewShots fewShots,
        Optional<GenerationSetting> generation,
        List<MetricSetting> metrics,
        List<FilterPipeline> filters,
        Optional<YamlText> decontaminationQuery,
        ClassSettings classes) {
    public Task {
        metrics = List.copyOf(metrics);
        filters = List.copyOf(filters);
    }

    /** Split whose rows are evaluated: test, else validation. */
    public String evaluatedSplit() {
        return testSplit.or(() -> validationSplit).orElseThrow();
    }

    /** Split of the few-shot examples, by lm-evaluation-harness' order where the file does not state it. */
    public String fewshotSplit() {
        return fewShots.split()
                .or(() -> trainingSplit)
                .or(() -> validationSplit)
                .orElseGet(this::evaluatedSplit);
    }

    /** Whether a row must not be an example of itself: lm-evaluation-harness compares the two stated splits only. */
    public boolean dropsEvaluatedRow() {
        return fewShots.split().equals(testSplit);
    }

    public boolean has(Metric metric) {
        return metrics.stream().anyMatch(setting -> setting.metric() == metric);
    }
}
