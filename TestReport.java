import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Prints the outcome of {@code ./rootstock test}: failures, reasons of skipped tests, the ten slowest classes, and as last
 * line the counts. Reads the reports of Surefire (unit tests) and Failsafe (integration tests) that are not older than the
 * start of the tests. Exits with code 1 if a test failed or none ran.
 *
 * <p>Arguments: root folder of the project, start of the tests in seconds since 1970.
 */
final class TestReport {
    private static final int SLOWEST = 10;

    private final List<SlowClass> classes = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final TreeMap<String, Integer> skipped = new TreeMap<>();
    private int tests;
    private int skips;

    private record SlowClass(String name, String module, double seconds) {}

    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        Instant start = Instant.ofEpochSecond(Long.parseLong(arguments[1]));
        TestReport report = new TestReport();
        for (Path file : reports(root, start)) {
            try {
                report.read(file, root.relativize(file).toString().replaceFirst("/target/.*", ""));
            } catch (XMLStreamException e) {
                report.failures.add(root.relativize(file) + ": incomplete, its JVM was ended");
            }
        }
        report.print();
        System.exit(report.tests == 0 || !report.failures.isEmpty() ? 1 : 0);
    }

    private static List<Path> reports(Path root, Instant start) throws IOException {
        List<Path> modules = new ArrayList<>();
        for (Path folder : List.of(root, root.resolve("libs"))) {
            try (Stream<Path> children = Files.list(folder)) {
                children.map(child -> child.resolve("target")).filter(Files::isDirectory).forEach(modules::add);
            }
        }
        List<Path> reports = new ArrayList<>();
        for (Path target : modules) {
            try (Stream<Path> files = Files.walk(target, 2)) {
                for (Path file : files.filter(TestReport::isReport).sorted().toList()) {
                    if (Files.getLastModifiedTime(file).compareTo(FileTime.from(start)) >= 0) {
                        reports.add(file);
                    }
                }
            }
        }
        return reports;
    }

    private static boolean isReport(Path file) {
        return file.getParent().getFileName().toString().matches("(surefire|failsafe)-reports.*")
                && file.getFileName().toString().matches("TEST-.*\\.xml");
    }

    private void read(Path file, String module) throws IOException, XMLStreamException {
        try (InputStream in = Files.newInputStream(file)) {
            XMLStreamReader xml = XMLInputFactory.newDefaultFactory().createXMLStreamReader(in);
            String test = "";
            while (xml.hasNext()) {
                if (xml.next() != XMLStreamReader.START_ELEMENT) {
                    continue;
                }
                switch (xml.getLocalName()) {
                    case "testsuite" ->
                        classes.add(new SlowClass(
                                xml.getAttributeValue(null, "name"),
                                module,
                                Double.parseDouble(
                                        xml.getAttributeValue(null, "time").replace(",", ""))));
                    case "testcase" -> {
                        tests++;
                        test = xml.getAttributeValue(null, "classname") + "." + xml.getAttributeValue(null, "name");
                    }
                    case "failure", "error" -> failures.add(test + ": " + firstLine(xml));
                    case "skipped" -> {
                        skips++;
                        skipped.merge(firstLine(xml), 1, Integer::sum);
                    }
                    default -> {}
                }
            }
        }
    }

    private static String firstLine(XMLStreamReader xml) {
        String message = xml.getAttributeValue(null, "message");
        return message == null || message.isBlank() ? "no reason given" : message.strip().lines().findFirst().orElseThrow();
    }

    private void print() {
        if (!failures.isEmpty()) {
            System.out.println("failed:");
            failures.forEach(failure -> System.out.println("  " + failure));
        }
        if (!skipped.isEmpty()) {
            System.out.println("skipped:");
            skipped.forEach((reason, count) -> System.out.printf("  %d: %s%n", count, reason));
        }
        System.out.println("slowest classes:");
        classes.stream()
                .sorted(Comparator.comparingDouble(SlowClass::seconds).reversed())
                .limit(SLOWEST)
                .forEach(slow -> System.out.printf(Locale.ROOT, "  %6.1f s  %s (%s)%n", slow.seconds, slow.name, slow.module));
        System.out.printf("%d passed, %d failed, %d skipped%n", tests - failures.size() - skips, failures.size(), skips);
    }
}
