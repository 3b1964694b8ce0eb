package io.rootstock.bench.emergence;

import io.rootstock.bench.Lifecycle;
import io.rootstock.registry.v1.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * Trains models of several depths and seeds on the same text, evaluates them at several numbers of tokens on the suite
 * {@code emergence}, and writes tables and charts.
 */
public final class Emergence {
    private static final String INDUCTION_ROWS = "--induction-rows";

    private final EmergenceArguments arguments;
    private final Results results = new Results();

    private Emergence(EmergenceArguments arguments) {
        this.arguments = arguments;
    }

    public static void main(String[] given) throws IOException {
        if (given.length == 2 && given[0].equals(INDUCTION_ROWS)) {
            System.out.println(InductionRows.write(RowCounts.ALL.sequences(), Path.of(given[1])));
            return;
        }
        EmergenceArguments arguments;
        try {
            arguments = EmergenceArguments.parse(Arrays.asList(given));
        } catch (IllegalArgumentException | IndexOutOfBoundsException wrong) {
            System.err.println("error: " + wrong.getMessage());
            System.err.println(EmergenceArguments.USAGE);
            System.err.println("       bench/quality/emergence " + INDUCTION_ROWS + " FILE");
            System.exit(2);
            return;
        }
        new Emergence(arguments).run();
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
                    "rows: %s, %d BLiMP pairs, %d questions%n",
                    arguments.rows(), rows.pairs().size(), rows.questions().size());
            Evaluations evaluations = Evaluations.create(life, folder);
            for (int seed = 1; seed <= arguments.seeds(); seed++) {
                for (int depth : arguments.depths()) {
                    measure(depth, seed, models, evaluations, rows);
                }
                new Figures(results, baselines).write(Path.of("bench", "reports"), arguments.figures());
            }
            Report.print(results, baselines, arguments.isQuick());
        }
    }

    private void measure(int depth, int seed, Models models, Evaluations evaluations, SuiteRows rows) {
        long parameters = models.parameters(depth);
        Job job = Job.getDefaultInstance();
        for (long tokens : arguments.tokens()) {
            job = job.getName().isEmpty() ? models.train(depth, seed, tokens) : models.extend(job, tokens);
            Evaluated evaluated = evaluations.evaluate(job.getVersion());
            Point point = new Point(
                    depth,
                    parameters,
                    seed,
                    tokens,
                    evaluated.values(rows),
                    evaluated.grammar(rows),
                    evaluated.positions());
            results.add(point);
            Report.print(point);
        }
    }
}
