package io.rootstock.cli.display;

import io.rootstock.cli.client.Names;
import io.rootstock.registry.v1.Job;
import io.rootstock.trainer.v1.RunEvaluation;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Two jobs side by side: the settings that differ, and all metrics. */
public final class JobComparison {
    private static final String NONE = "-";

    private final Job first;
    private final Job second;

    public JobComparison(Job first, Job second) {
        this.first = first;
        this.second = second;
    }

    /** The settings with different values, by name. */
    public Table settings() {
        Map<String, String> one = JobSettings.of(first);
        Map<String, String> other = JobSettings.of(second);
        Table table = new Table("setting", Names.id(first.getName()), Names.id(second.getName()));
        for (String name : union(one, other)) {
            String value = one.getOrDefault(name, NONE);
            String otherValue = other.getOrDefault(name, NONE);
            if (!value.equals(otherValue)) {
                table.row(name, value, otherValue);
            }
        }
        return table;
    }

    /** The metrics of both jobs with their difference, by split and name. */
    public Table metrics() {
        Map<String, Double> one = metrics(first);
        Map<String, Double> other = metrics(second);
        Table table = new Table("metric", Names.id(first.getName()), Names.id(second.getName()), "difference");
        for (String name : union(one, other)) {
            Optional<Double> value = Optional.ofNullable(one.get(name));
            Optional<Double> otherValue = Optional.ofNullable(other.get(name));
            table.row(
                    name,
                    value.map(JobComparison::text).orElse(NONE),
                    otherValue.map(JobComparison::text).orElse(NONE),
                    value.isPresent() && otherValue.isPresent()
                            ? String.format(Locale.ROOT, "%+.4f", otherValue.get() - value.get())
                            : NONE);
        }
        return table;
    }

    private static Map<String, Double> metrics(Job job) {
        Map<String, Double> metrics = new TreeMap<>();
        for (RunEvaluation evaluation : job.getEvaluationsList()) {
            String split = evaluation.getSplit() + " ";
            metrics.put(split + "loss", evaluation.getLoss());
            if (evaluation.getBitsPerByte() > 0) {
                metrics.put(split + "bits_per_byte", evaluation.getBitsPerByte());
            }
            evaluation.getMetricsMap().forEach((name, value) -> metrics.put(split + name, value));
        }
        return metrics;
    }

    private static Set<String> union(Map<String, ?> one, Map<String, ?> other) {
        Set<String> names = new TreeSet<>(one.keySet());
        names.addAll(other.keySet());
        return names;
    }

    private static String text(double value) {
        return Format.fixed(value, 4);
    }
}
