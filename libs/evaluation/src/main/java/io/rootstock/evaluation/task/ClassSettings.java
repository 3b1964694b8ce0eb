package io.rootstock.evaluation.task;

import io.rootstock.yaml.YamlText;
import java.util.List;
import java.util.Optional;

/**
 * Settings of a multiple_choice task for classifiers and metrics of classes, in {@code metadata}, which
 * lm-evaluation-harness ignores.
 *
 * @param text {@code classification_text}: field name or template of the text that a classifier reads; else
 *     {@code doc_to_text}
 * @param labels {@code class_labels}: other names of the choices' classes, in the order of the choices; empty: none
 * @param positive {@code positive_class}: the choice whose probability {@code auc} judges
 */
public record ClassSettings(Optional<YamlText> text, List<String> labels, Optional<String> positive) {
    public static final ClassSettings NONE = new ClassSettings(Optional.empty(), List.of(), Optional.empty());

    public ClassSettings {
        labels = List.copyOf(labels);
    }
}
