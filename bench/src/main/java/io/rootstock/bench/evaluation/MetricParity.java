package io.rootstock.bench.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares the metrics and statistics of libs/evaluation with the values of public libraries in a file of cases that
 * {@code bench/evaluation/metric_peers.py} wrote. Prints a line for each peer and kind of case, and
 * {@code max_abs_difference= cases=}. Exit status 1 if a difference exceeds 1e-6.
 */
public final class MetricParity {
    private static final double LIMIT = 1e-6;
    private static final int SHOWN = 10;
    private static final int SHOWN_CHARACTERS = 600;

    /** Cases of one kind and peer. */
    private static final class Row {
        private int cases;
        private int values;
        private double difference;

        private void add(Values expected, double largest) {
            cases++;
            values += expected.numbers().size() + expected.texts().size();
            difference = Math.max(difference, largest);
        }
    }

    private final Map<String, Row> rows = new TreeMap<>();
    private int shown;

    private MetricParity() {}

    /** Argument: the file of cases. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            System.err.println("error: expected the file of cases\nhint: bench/evaluation/metrics --help");
            System.exit(2);
        }
        MetricParity parity = new MetricParity();
        parity.read(Path.of(arguments[0]));
        System.exit(parity.print() <= LIMIT ? 0 : 1);
    }

    private void read(Path file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            int number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                JsonNode node = json.readTree(line);
                Values expected = Values.read(node);
                Values ours = values(node);
                double difference = ours.difference(expected);
                String name = "%-14s %s"
                        .formatted(
                                node.path("kind").textValue(), node.path("peer").textValue());
                rows.computeIfAbsent(name, _ -> new Row()).add(expected, difference);
                if (difference > LIMIT && shown++ < SHOWN) {
                    System.out.printf(
                            "case %d differs by %.3g: %s%n  options %s%n  input %s%n  ours %s%n  peer %s%n",
                            number,
                            difference,
                            name,
                            node.path("options"),
                            cut(node.path("input").toString()),
                            cut(ours.toString()),
                            cut(expected.toString()));
                }
            }
        }
    }

    private static String cut(String text) {
        return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + " ...";
    }

    private static Values values(JsonNode line) {
        JsonNode options = line.path("options");
        JsonNode input = line.path("input");
        return switch (line.path("kind").textValue()) {
            case "bleu" -> TextCases.bleu(options, input);
            case "bleu-corpus" -> TextCases.bleuOfCorpus(input);
            case "chrf" -> TextCases.chrf(options, input);
            case "chrf-rows" -> TextCases.chrfOfRows(input);
            case "porter" -> TextCases.porter(input);
            case "rouge" -> TextCases.rouge(options, input);
            case "answer" -> TextCases.answer(input);
            case "classes" -> ClassCases.classes(options, input);
            case "probabilities" -> ClassCases.probabilities(options, input);
            case "likelihood" -> ClassCases.likelihood(input);
            case "mcnemar" -> StatisticCases.mcNemar(input);
            case "proportion" -> StatisticCases.proportion(options, input);
            case "mean" -> StatisticCases.mean(options, input);
            case "holm" -> StatisticCases.holm(input);
            case "effect" -> StatisticCases.effect(options, input);
            case "bootstrap" -> StatisticCases.bootstrap(options, input);
            default -> throw new IllegalArgumentException("unknown kind of case: " + line.path("kind"));
        };
    }

    /** Prints the table; returns the largest difference. */
    private double print() {
        double largest = 0;
        int cases = 0;
        System.out.printf("%-14s %-20s %6s %9s %17s%n", "metric", "peer", "cases", "values", "max |difference|");
        for (Map.Entry<String, Row> entry : rows.entrySet()) {
            Row row = entry.getValue();
            System.out.printf("%-35s %6d %9d %17.1e%n", entry.getKey(), row.cases, row.values, row.difference);
            largest = Math.max(largest, row.difference);
            cases += row.cases;
        }
        System.out.printf("max_abs_difference=%.1e%n", largest);
        System.out.printf("cases=%d%n", cases);
        return largest;
    }
}
