package io.rootstock.evaluation.task.core;

import io.rootstock.evaluation.task.DataFile;
import io.rootstock.evaluation.task.Metric;
import io.rootstock.evaluation.task.MetricSetting;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A CORE task.
 *
 * @param label name of the task
 * @param kind request kind
 * @param data JSON lines with the fields of the kind
 * @param shots few-shot examples of each row
 * @param continuationDelimiter text between context and continuation
 * @param baseline accuracy of chance in percent, with the version of the table that states it
 */
public record CoreTask(
        String label,
        Kind kind,
        DataFile data,
        int shots,
        String continuationDelimiter,
        Optional<CoreBaselines.Baseline> baseline) {
    /** Request kind, nanochat's {@code icl_task_type}. */
    public enum Kind {
        /** Rows with query, choices and gold. */
        MULTIPLE_CHOICE("multiple_choice"),
        /** Rows with context_options, continuation and gold. */
        SCHEMA("schema"),
        /** Rows with context and continuation. */
        LANGUAGE_MODELING("language_modeling");

        private final String key;

        Kind(String key) {
            this.key = key;
        }

        /** Name in suite files. */
        public String key() {
            return key;
        }

        /** Returns the kind of a name; empty if there is none. */
        public static Optional<Kind> of(String key) {
            return Arrays.stream(values()).filter(kind -> kind.key.equals(key)).findFirst();
        }
    }

    /** Metrics of the task: accuracy by mean log-probability per token, or of greedy continuations. */
    public List<MetricSetting> metrics() {
        return List.of(MetricSetting.of(kind == Kind.LANGUAGE_MODELING ? Metric.ACC : Metric.ACC_TOKENS));
    }

    /**
     * Accuracy between chance (0) and perfect (1): (accuracy - baseline) / (1 - baseline).
     *
     * @param accuracy share of correct rows, 0 to 1
     * @throws java.util.NoSuchElementException if the task has no baseline
     */
    public double centered(double accuracy) {
        double chance = baseline.orElseThrow().percent() / 100;
        return (accuracy - chance) / (1 - chance);
    }
}
