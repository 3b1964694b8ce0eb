package io.rootstock.bench.emergence;

import io.rootstock.bench.Lifecycle;
import io.rootstock.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Trains models of several depths and seeds on the same text, evaluates them at several numbers of tokens on the suite
 * {@code emergence}, and writes tables and charts.
 */
public final class Emergence {
    private static final String INDUCTION_ROWS = "--induction-rows";

    private final EmergenceArguments arguments;
    private final Map<Version, Point> points = new HashMap<>();
    private final Optional<PointFile> file;

    private Emergence(EmergenceArguments arguments) throws IOException {
        this.arguments = arguments;
        file = arguments.points().isEmpty()
                ? Optional.empty()
                : Optional.of(PointFile.open(arguments.points().get(), arguments.rows(), points));
    }

    public static void main(String[] given) throws IOException {
        if (given.length == 2 && given[0].equals(INDUCTION_ROWS)) {
            System.out.println(InductionRows.write(RowCounts.ALL.sequences(), Path.of(given[1])));
            return;
        }
        Emergence benchmark;
        try {
            benchmark = new Emergence(EmergenceArguments.parse(Arrays.asList(given)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException wrong) {
            System.err.println("error: " + wrong.getMessage());
            System.err.println(EmergenceArguments.USAGE);
            System.err.println("       bench/quality/emergence " + INDUCTION_ROWS + " FILE");
            System.exit(2);
            return;
        }
        benchmark.run();
    }

    private void run() throws IOException {
        Expectation.print(arguments.isQuick());
        TrainingText text = TrainingText.read();
        Path folder = Files.createTempDirectory("rootstock-emergence-rows-");
        try {
            SuiteRows rows = SuiteRows.write(folder, text, arguments.rows());
            Map<Measure, Baseline> baselines = Baselines.of(rows);
            System.out.printf(
                    "%nrows: %d documents, %d induction sequences, %d BLiMP pairs, %d sentences, %d captions, %d documents"
                            + " with summaries, %d questions%n",
                    rows.heldOut().size(),
                    arguments.rows().sequences(),
                    rows.pairs().size(),
                    rows.sentences().size(),
                    rows.captions().size(),
                    rows.summaries().size(),
                    rows.questions().size());
            if (!isComplete()) {
                measure(text, folder, rows, baselines);
            }
            Results results = results(arguments.seeds());
            writeFigures(results, baselines);
            Report.print(results, baselines, arguments.isQuick());
        } finally {
            FileTree.delete(folder);
        }
    }

    /** Measures the missing versions with services of their own, and writes the charts after each seed. */
    private void measure(TrainingText text, Path folder, SuiteRows rows, Map<Measure, Baseline> baselines)
            throws IOException {
        try (Lifecycle life = Lifecycle.start("emergence")) {
            Models models = Models.prepare(life, text);
            System.out.printf(
                    "text: %d documents, %d tokens for training; %d documents held out%n%n",
                    text.train().size(), models.trainingTokens(), text.heldOut().size());
            Versions versions = new Versions(models, Evaluations.create(life, folder), rows, points, file);
            for (int seed = 1; seed <= arguments.seeds(); seed++) {
                for (int depth : arguments.depths()) {
                    versions.measure(depth, seed, arguments.tokens());
                }
                writeFigures(results(seed), baselines);
            }
        }
    }

    private void writeFigures(Results results, Map<Measure, Baseline> baselines) throws IOException {
        new Figures(results, baselines).write(Path.of("bench", "reports"), arguments.figures());
    }

    private boolean isComplete() {
        return versions().allMatch(version -> points.containsKey(version));
    }

    /** Results of the first seeds. */
    private Results results(int seeds) {
        return new Results(versions()
                .filter(version -> version.seed() <= seeds)
                .map(points::get)
                .toList());
    }

    private Stream<Version> versions() {
        return LongStream.rangeClosed(1, arguments.seeds())
                .boxed()
                .flatMap(seed -> arguments.depths().stream()
                        .flatMap(depth -> arguments.tokens().stream().map(tokens -> new Version(depth, seed, tokens))));
    }
}
