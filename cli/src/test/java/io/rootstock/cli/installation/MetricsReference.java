package io.rootstock.cli.installation;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The metrics of one section of {@code docs/reference/metrics.md}, and of a running service.
 *
 * @param fromStart metrics that exist from the start of the service
 * @param all all metrics of the section
 */
record MetricsReference(Set<String> fromStart, Set<String> all) {
    private static final Pattern ROW = Pattern.compile("\\| `([a-z_]+)` \\|[^|]*\\|[^|]*\\| (start|first use) \\|.*");
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) \\S+");
    private static final String MAXIMUM = "_max";

    /** Reads the section with this heading. */
    static MetricsReference read(Path root, String heading) throws IOException {
        Set<String> start = new TreeSet<>();
        Set<String> all = new TreeSet<>();
        boolean inside = false;
        for (String line : Files.readAllLines(root.resolve("docs/reference/metrics.md"))) {
            Matcher row = ROW.matcher(line);
            if (line.startsWith("## ")) {
                inside = line.equals("## " + heading);
            } else if (inside && row.matches()) {
                all.add(row.group(1));
                if (row.group(2).equals("start")) {
                    start.add(row.group(1));
                }
            }
        }
        return new MetricsReference(start, all);
    }

    /** Names of the metrics that a service exports; the maximum of a timer or histogram belongs to it. */
    static Set<String> exported(int httpPort) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            String text = client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/q/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            Set<String> families = TYPE.matcher(text)
                    .results()
                    .map(type -> type.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
            families.removeIf(name ->
                    name.endsWith(MAXIMUM) && families.contains(name.substring(0, name.length() - MAXIMUM.length())));
            return families;
        }
    }
}
