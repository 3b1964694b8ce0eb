package io.rootstock.evaluation.task.yaml;

import io.rootstock.evaluation.task.Choices;
import io.rootstock.evaluation.task.ClassSettings;
import io.rootstock.evaluation.task.Metric;
import io.rootstock.evaluation.task.MetricSetting;
import io.rootstock.evaluation.task.OutputType;
import io.rootstock.evaluation.task.template.TaskTemplate;
import io.rootstock.yaml.Settings;
import io.rootstock.yaml.YamlText;
import io.rootstock.yaml.YamlValue.Entry;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Reads the keys of {@code metadata} for classifiers and metrics of classes. */
final class ClassSettingsReader {
    private static final List<String> KEYS = List.of("classification_text", "class_labels", "positive_class");

    private ClassSettingsReader() {}

    /** Reads the settings, and checks them against fixed choices; choices of a template are checked row by row. */
    static ClassSettings read(Settings task, OutputType type, Optional<Choices> choices, List<MetricSetting> metrics) {
        Optional<Settings> metadata = task.settings("metadata");
        if (type != OutputType.MULTIPLE_CHOICE) {
            metadata.ifPresent(ClassSettingsReader::requireNone);
            return ClassSettings.NONE;
        }
        ClassSettings settings = metadata.map(ClassSettingsReader::settings).orElse(ClassSettings.NONE);
        if (choices.isPresent() && choices.get() instanceof Choices.Fixed(List<String> texts)) {
            metadata.ifPresent(stated -> requireFitting(stated, settings, texts));
            boolean auc = metrics.stream().anyMatch(metric -> metric.metric() == Metric.AUC);
            if (auc && settings.positive().isEmpty() && texts.size() != 2) {
                throw task.required("metric_list")
                        .error(
                                "metric 'auc' needs a positive class among " + texts.size() + " choices",
                                "add metadata: {positive_class: CHOICE}");
            }
        }
        return settings;
    }

    private static void requireNone(Settings metadata) {
        for (String key : KEYS) {
            metadata.entry(key).ifPresent(entry -> {
                throw entry.error("'metadata." + key + "' needs output_type: multiple_choice", "remove it");
            });
        }
    }

    private static ClassSettings settings(Settings metadata) {
        Optional<List<YamlText>> labels = metadata.texts("class_labels", false);
        List<String> texts =
                labels.orElse(List.of()).stream().map(YamlText::text).toList();
        if (new HashSet<>(texts).size() < texts.size()) {
            throw metadata.required("class_labels").error("'metadata.class_labels' has a label twice", "remove one");
        }
        return new ClassSettings(
                metadata.source("classification_text")
                        .map(text -> TaskTemplate.compile(text).source()),
                texts,
                metadata.text("positive_class"));
    }

    private static void requireFitting(Settings metadata, ClassSettings settings, List<String> choices) {
        if (!settings.labels().isEmpty() && settings.labels().size() != choices.size()) {
            Entry entry = metadata.required("class_labels");
            throw entry.error(
                    "'metadata.class_labels' has " + settings.labels().size() + " labels for " + choices.size()
                            + " choices",
                    "write one label for each choice, in their order");
        }
        settings.positive().filter(positive -> !choices.contains(positive)).ifPresent(positive -> {
            throw metadata.required("positive_class")
                    .error("'metadata.positive_class' is '" + positive + "', not a choice", "name a choice");
        });
    }
}
