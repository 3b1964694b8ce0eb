package io.rootstock.bench.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.bench.BenchmarkData;
import io.rootstock.bench.data.PlantedCorpus.Kind;
import io.rootstock.bench.data.PlantedCorpus.Planted;
import io.rootstock.corpus.Document;
import io.rootstock.corpus.engine.format.UnitFileReader;
import io.rootstock.corpus.privacy.PiiKind;
import io.rootstock.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Runs recipes over a corpus with planted duplicates, personal data and evaluation rows, and compares the survivors with the truth.
 * Prints {@code duplicate_recall= duplicate_precision= pii_recall= contamination_recall=} of the first recipe.
 */
public final class QualityBenchmark {
    private static final long BYTES = 200_000_000;
    private static final long QUICK_BYTES = 12_000_000;
    private static final JsonMapper JSON = new JsonMapper();

    /** Settings of {@code near-duplicates} by name; the first is measured, the others are shown beside it. */
    private static final Map<String, String> NEAR = near();

    private final Path folder;
    private final PlantedCorpus corpus;

    private QualityBenchmark(Path folder, PlantedCorpus corpus) {
        this.folder = folder;
        this.corpus = corpus;
    }

    private static Map<String, String> near() {
        Map<String, String> near = new LinkedHashMap<>();
        near.put("20x5, similarity 0.7", "{}");
        near.put("14x8", "{bands: 14, rows: 8, min_similarity: 0}");
        near.put("14x8, similarity 0.7", "{bands: 14, rows: 8, min_similarity: 0.7}");
        near.put("28x4, similarity 0.7", "{bands: 28, rows: 4, min_similarity: 0.7}");
        return near;
    }

    /** Entry point; {@code --quick} takes 12 MB and the first two settings of near duplicates. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean quick = List.of(arguments).contains("--quick");
        Path folder = Files.createTempDirectory("rootstock-data-");
        try {
            EvaluationTexts rows = EvaluationTexts.write(folder.resolve("evaluation"));
            PlantedCorpus corpus = PlantedCorpus.write(
                    folder.resolve("planted"),
                    quick ? QUICK_BYTES : BYTES,
                    LinePool.read(BenchmarkData.file("books").getParent()),
                    rows);
            System.out.printf(
                    Locale.ROOT,
                    "%d documents, %.0f MB of text%n",
                    corpus.documents().size(),
                    corpus.bytes() / 1e6);
            new QualityBenchmark(folder, corpus).run(quick ? 2 : NEAR.size());
        } finally {
            FileTree.delete(folder);
        }
    }

    /** Survivors of a recipe by number, and its process. */
    private record Result(Map<Integer, String> texts, long decontaminated, long duplicates, WorkerRun run) {
        boolean removed(int number) {
            return !texts.containsKey(number);
        }
    }

    private void run(int settings) throws IOException, InterruptedException {
        Map<String, Result> results = new LinkedHashMap<>();
        for (Map.Entry<String, String> near :
                NEAR.entrySet().stream().limit(settings).toList()) {
            results.put(near.getKey(), run(near.getValue()));
        }
        System.out.printf(
                "%n%-24s %9s %9s %7s %9s %8s%n",
                "near duplicates", "recall", "precision", "CPU s", "peak MB", "removed");
        results.forEach((name, result) -> System.out.printf(
                Locale.ROOT,
                "%-24s %9.4f %9.4f %7.1f %9.0f %8d%n",
                name,
                recall(result),
                precision(result),
                result.run().cpuSeconds(),
                result.run().peakMegabytes(),
                result.duplicates()));
        similarities(results);
        Result first = results.values().iterator().next();
        double pii = personalData(first);
        double contamination = evaluationRows(first);
        System.out.printf(
                Locale.ROOT,
                "%nduplicate_recall=%.4f%nduplicate_precision=%.4f%npii_recall=%.4f%ncontamination_recall=%.4f%n",
                recall(first),
                precision(first),
                pii,
                contamination);
    }

    private Result run(String near) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("recipe.yaml"), """
                version: 1
                sources:
                - {name: planted, files: "planted/*.jsonl"}
                unit_bytes: 4194304
                steps:
                - unicode-repair
                - decontamination: {files: ["evaluation/*.jsonl"]}
                - pii-masking
                - exact-duplicates
                - near-duplicates: %s
                """.formatted(near));
        Path work = folder.resolve("work");
        WorkerRun run = WorkerRun.run(folder, "recipe.yaml", work, 2, "1g");
        Map<Integer, String> texts = new HashMap<>();
        try (Stream<Path> files = Files.list(work.resolve("output"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".unit")).toList()) {
                read(file, texts);
            }
        }
        JsonNode report = JSON.readTree(work.resolve("report.json").toFile());
        long decontaminated = 0;
        long duplicates = 0;
        for (JsonNode step : report.path("steps")) {
            long removed = step.path("documentsIn").asLong()
                    - step.path("documentsOut").asLong();
            if (step.path("step").asText().equals("decontamination")) {
                decontaminated = removed;
            } else if (step.path("step").asText().endsWith("duplicates")) {
                duplicates += removed;
            }
        }
        FileTree.delete(work);
        return new Result(texts, decontaminated, duplicates, run);
    }

    private static void read(Path file, Map<Integer, String> texts) throws IOException {
        try (UnitFileReader reader = new UnitFileReader(file)) {
            for (Document document = reader.next(); document != null; document = reader.next()) {
                int number = Integer.parseInt(document.url().substring(PlantedCorpus.ADDRESS.length()));
                texts.put(number, document.text().toString());
            }
        }
    }

    private IntStream numbers(Predicate<Planted> wanted) {
        return IntStream.range(0, corpus.documents().size())
                .filter(number -> wanted.test(corpus.documents().get(number)));
    }

    private static boolean isDuplicate(Planted planted) {
        return planted.kind() == Kind.EQUAL || planted.kind() == Kind.NEAR;
    }

    private double recall(Result result) {
        return share(numbers(QualityBenchmark::isDuplicate), result::removed);
    }

    private static double share(IntStream numbers, java.util.function.IntPredicate found) {
        return numbers.mapToDouble(number -> found.test(number) ? 1 : 0)
                .average()
                .orElse(Double.NaN);
    }

    /** Share of duplicates in the documents that the duplicate steps removed; copies with a similarity of 0.6 to 0.8 do not count. */
    private double precision(Result result) {
        long right =
                numbers(QualityBenchmark::isDuplicate).filter(result::removed).count();
        long between = numbers(planted -> planted.kind() == Kind.BETWEEN)
                .filter(result::removed)
                .count();
        return (double) right / (result.duplicates() - between);
    }

    private void similarities(Map<String, Result> results) {
        System.out.printf("%n%-24s %9s", "similarity of copies", "documents");
        results.keySet().forEach(name -> System.out.printf(" %22s", name));
        System.out.println();
        double[] borders = {0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.01};
        for (int i = 0; i + 1 < borders.length; i++) {
            double least = borders[i];
            double most = borders[i + 1];
            Predicate<Planted> inside = planted ->
                    (planted.kind() == Kind.NEAR || planted.kind() == Kind.BETWEEN || planted.kind() == Kind.DIFFERENT)
                            && planted.similarity() >= least
                            && planted.similarity() < most;
            System.out.printf(
                    Locale.ROOT,
                    "%-24s %9d",
                    "%.2f to %.2f".formatted(least, Math.min(1, most)),
                    numbers(inside).count());
            results.values()
                    .forEach(result ->
                            System.out.printf(Locale.ROOT, " %14.4f removed", share(numbers(inside), result::removed)));
            System.out.println();
        }
        System.out.printf(
                "%-24s %9d",
                "equal", numbers(planted -> planted.kind() == Kind.EQUAL).count());
        results.values()
                .forEach(result -> System.out.printf(
                        Locale.ROOT,
                        " %14.4f removed",
                        share(numbers(planted -> planted.kind() == Kind.EQUAL), result::removed)));
        System.out.println();
    }

    private double personalData(Result result) {
        System.out.printf("%n%-24s %9s %9s%n", "personal data", "documents", "masked");
        for (PiiKind kind : PiiKind.values()) {
            Predicate<Planted> ofKind = planted -> planted.pii().equals(java.util.Optional.of(kind));
            System.out.printf(
                    Locale.ROOT,
                    "%-24s %9d %9.4f%n",
                    kind.label(),
                    kept(result, ofKind).count(),
                    share(kept(result, ofKind), number -> isMasked(result, number)));
        }
        return share(kept(result, planted -> planted.pii().isPresent()), number -> isMasked(result, number));
    }

    /** Documents that no step removed. */
    private IntStream kept(Result result, Predicate<Planted> wanted) {
        return numbers(wanted).filter(number -> !result.removed(number));
    }

    private boolean isMasked(Result result, int number) {
        return !result.texts()
                .get(number)
                .contains(corpus.documents().get(number).item());
    }

    private double evaluationRows(Result result) {
        System.out.printf("%n%-24s %9s %9s%n", "evaluation rows", "documents", "removed");
        for (int way = 0; way < EvaluationTexts.WAYS.size(); way++) {
            int wanted = way;
            Predicate<Planted> ofWay = planted -> planted.kind() == Kind.CONTAMINATED && planted.way() == wanted;
            System.out.printf(
                    Locale.ROOT,
                    "%-24s %9d %9.4f%n",
                    EvaluationTexts.WAYS.get(way),
                    numbers(ofWay).count(),
                    share(numbers(ofWay), result::removed));
        }
        Predicate<Planted> contaminated = planted -> planted.kind() == Kind.CONTAMINATED;
        long found = numbers(contaminated).filter(result::removed).count();
        System.out.printf("other documents with rows: %d%n", result.decontaminated() - found);
        return share(numbers(contaminated), result::removed);
    }
}
