package io.rootstock.bench.finetunes;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.bench.BenchmarkData;
import io.rootstock.bench.UserCommands;
import io.rootstock.evaluation.task.score.RowRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Evaluates the base on the built-in suites, and prints each metric with its interval and baselines. */
public final class Abilities {
    private static final List<String> SUITES = List.of("abilities", "base");
    private static final int ROWS = 250;
    private static final String USAGE = "usage: bench/quality/abilities [--suite abilities|base] [--limit N]";

    private record Arguments(Path model, List<String> suites, int limit) {
        static Arguments parse(List<String> given) {
            List<String> suites = new ArrayList<>();
            int limit = ROWS;
            for (int i = 1; i < given.size(); i++) {
                switch (given.get(i)) {
                    case "--suite" -> suites.add(given.get(++i));
                    case "--limit" -> limit = Integer.parseInt(given.get(++i));
                    default -> throw new IllegalArgumentException("unknown argument " + given.get(i));
                }
            }
            if (!SUITES.containsAll(suites)) {
                throw new IllegalArgumentException("--suite " + suites);
            }
            return new Arguments(Path.of(given.getFirst()), suites.isEmpty() ? SUITES : suites, limit);
        }
    }

    private Abilities() {}

    /** Usage: {@code MODEL_FILE [OPTION]...}, see {@code bench/quality/abilities}. */
    public static void main(String[] given) throws IOException {
        Arguments arguments;
        try {
            arguments = Arguments.parse(Arrays.asList(given));
        } catch (IllegalArgumentException | IndexOutOfBoundsException wrong) {
            System.err.println("error: " + wrong.getMessage());
            System.err.println(USAGE);
            System.exit(2);
            return;
        }
        List<String> lines = new ArrayList<>();
        try (UserCommands commands = Workshop.services("abilities")) {
            Workshop workshop = new Workshop(commands, false);
            workshop.importBase(arguments.model);
            System.out.printf(
                    Locale.ROOT,
                    "%-18s %-18s %5s %9s %20s  %s%n",
                    "task",
                    "metric",
                    "rows",
                    "value",
                    "interval of 95 %",
                    "baselines");
            for (String suite : arguments.suites) {
                lines.addAll(evaluate(workshop, suite, arguments.limit));
            }
        }
        lines.forEach(System.out::println);
    }

    private static List<String> evaluate(Workshop workshop, String suite, int limit) throws IOException {
        Path data =
                BenchmarkData.file("evaluation/qa/xquad.en.json").getParent().getParent();
        JsonNode evaluation = workshop.evaluation(
                Workshop.BASE, workshop.createBuiltIn(suite, data), "--limit", Integer.toString(limit));
        List<RowRecord> records = workshop.records(evaluation);
        List<String> lines = new ArrayList<>();
        for (JsonNode result : evaluation.required("results")) {
            String task = result.required("task").asText();
            List<RowRecord> rows =
                    records.stream().filter(row -> row.task().equals(task)).toList();
            for (JsonNode metric : result.required("metrics")) {
                lines.add(print(task, metric, rows));
            }
        }
        return lines;
    }

    /** Prints a row of the table and returns the line for reports. */
    private static String print(String task, JsonNode metric, List<RowRecord> rows) throws IOException {
        String name = metric.required("metric").asText();
        OptionalDouble chance = metric.path("chance").isNumber()
                ? OptionalDouble.of(metric.required("chance").asDouble())
                : OptionalDouble.empty();
        List<AbilityBaselines.Baseline> baselines = AbilityBaselines.of(task, name, rows, chance);
        double value = metric.required("value").asDouble();
        double low = metric.required("lower").asDouble();
        double high = metric.required("upper").asDouble();
        System.out.printf(
                Locale.ROOT,
                "%-18s %-18s %5d %9.4f %9.4f to %7.4f  %s%n",
                task,
                name,
                rows.size(),
                value,
                low,
                high,
                texts(baselines, ", ", " "));
        String others = baselines.isEmpty() ? "baseline=none" : texts(baselines, " ", "=");
        return String.format(
                Locale.ROOT, "%s_%s: value=%.4f low=%.4f high=%.4f %s", task, name, value, low, high, others);
    }

    private static String texts(List<AbilityBaselines.Baseline> baselines, String separator, String between) {
        return baselines.stream()
                .map(baseline -> baseline.name() + between + String.format(Locale.ROOT, "%.4f", baseline.value()))
                .collect(Collectors.joining(separator));
    }
}
