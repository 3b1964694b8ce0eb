package io.rootstock.bench.emergence;

import io.rootstock.bench.Lifecycle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Trains models of several depths and seeds on the same text, evaluates them at several numbers of tokens on the suite
 * {@code emergence}, and writes tables and charts.
 */
public final class Emergence {
    private static final String INDUCTION_ROWS = "--induction-rows";

    private final EmergenceArguments arguments;
    private final List<Point> stored = new ArrayList<>();
    private final Optional<PointFile> file;
    private final Results results = new Results();

    private Emergence(EmergenceArguments arguments) throws IOException {
        this.arguments = arguments;
        file = arguments.points().isEmpty()
                ? Optional.empty()
                : Optional.of(PointFile.open(arguments.points().get(), arguments.rows(), stored));
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
        try (Lifecycle life = Lifecycle.start("emergence")) {
            Path folder = life.home().resolve("emergence-suite");
            SuiteRows rows = SuiteRows.write(folder, text, arguments.rows());
            Map<Measure, Baseline> baselines = Baselines.of(rows);
            Models models = Models.prepare(life, text);
            System.out.printf(
                    "%ntext: %d documents, %d tokens for training; %d documents held out, %d of them evaluated%n",
                    text.train().size(),
                    models.dataset().getSplits(0).getTokens(),
                    text.heldOut().size(),
                    rows.heldOut().size());
            System.out.printf(
                    "rows: %d induction sequences, %d BLiMP pairs, %d sentences, %d captions, %d documents with"
                            + " summaries, %d questions%n%n",
                    arguments.rows().sequences(),
                    rows.pairs().size(),
                    rows.sentences().size(),
                    rows.captions().size(),
                    rows.summaries().size(),
                    rows.questions().size());
            Evaluations evaluations = Evaluations.create(life, folder);
            Versions versions = new Versions(models, evaluations, rows, stored, file);
            for (int seed = 1; seed <= arguments.seeds(); seed++) {
                for (int depth : arguments.depths()) {
                    versions.measure(depth, seed, arguments.tokens()).forEach(results::add);
                }
                new Figures(results, baselines).write(Path.of("bench", "reports"), arguments.figures());
            }
            Report.print(results, baselines, arguments.isQuick());
        }
    }
}
