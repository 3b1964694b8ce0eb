package io.rootstock.k8s.operations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The series of {@code docs/reference/metrics.md}, which tests of the services compare with what they export.
 *
 * @param labels labels of a series by its name
 */
record KnownMetrics(Map<String, Set<String>> labels) {
    private static final Pattern ROW = Pattern.compile("\\| `([a-z_]+)` \\| ([a-z]+) \\|([^|]*)\\|.*");

    /** Labels that Prometheus adds to the metrics of a pod. */
    private static final Set<String> OF_TARGETS =
            Set.of("namespace", "pod", "container", "job", "app_kubernetes_io_name", "app_kubernetes_io_part_of");

    static KnownMetrics read() throws IOException {
        Map<String, Set<String>> labels = new HashMap<>();
        labels.put("up", OF_TARGETS);
        for (String line : Files.readAllLines(Path.of("../docs/reference/metrics.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                Set<String> known = new HashSet<>(OF_TARGETS);
                Arrays.stream(row.group(3).split(",", -1)).map(String::strip).forEach(known::add);
                for (String suffix : suffixes(row.group(2))) {
                    labels.put(row.group(1) + suffix, known);
                }
            }
        }
        return new KnownMetrics(labels);
    }

    private static List<String> suffixes(String type) {
        return switch (type) {
            case "gauge", "counter" -> List.of("");
            case "timer" -> List.of("_count", "_sum", "_max");
            case "histogram" -> List.of("_count", "_sum", "_max", "_bucket");
            default -> throw new IllegalArgumentException("unknown type of a metric: " + type);
        };
    }
}
