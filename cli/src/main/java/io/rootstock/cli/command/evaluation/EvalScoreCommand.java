package io.rootstock.cli.command.evaluation;

import io.rootstock.cli.command.CommonOptions;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.cli.display.VisibleText;
import io.rootstock.cli.score.FileMetric;
import io.rootstock.cli.score.FileScore;
import io.rootstock.cli.score.FileScorer;
import io.rootstock.cli.score.RecordFile;
import io.rootstock.evaluation.statistic.Bootstrap;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rootstock eval score}. */
@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        header = "Compute metrics of a file of outputs",
        description = {
            "Reads outputs and references from fields of a .jsonl, .json, .csv or .tsv file (also .gz; CSV and TSV with a"
                    + " header), such as `predict --output-file` writes, or from line-aligned files. Calls no service.",
            "Row records of `eval rows --json` are scored by task: with --metric their generated texts or predicted"
                    + " choices, without it the scores that they hold.",
            "Prints half of the 95-percent bootstrap interval beside each value."
        },
        footer = {
            "",
            "Examples:",
            "  rootstock eval score predictions.tsv --metric accuracy,macro-f1",
            "  rootstock eval score output.de --reference-file reference.de --metric chrf,bleu",
            "  rootstock eval score rows.jsonl"
        })
final class EvalScoreCommand implements Callable<Integer> {
    private static final int PERCENT_DIGITS = 2;
    private static final int DIGITS = 4;
    private static final int MAX_RESAMPLES = 1_000_000;
    private static final int MIN_RESAMPLES = 1000;
    /** Draws of rows of a bootstrap unless --resamples is given, about 10 s for BLEU and chrF. */
    private static final long MAX_DRAWS = 1_000_000_000L;

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Parameters(paramLabel = "FILE", description = "File with the outputs")
    private Path file;

    @Option(
            names = "--metric",
            paramLabel = "NAME",
            split = ",",
            converter = FileMetric.Converter.class,
            description =
                    "Metrics, comma-separated: chrf, bleu (0 to 100), rouge-l, em, f1, accuracy, macro-f1 (0 to 1)")
    private List<FileMetric> metrics = List.of();

    @Option(
            names = "--reference-field",
            paramLabel = "FIELD",
            defaultValue = "expected",
            description = "Field with the reference, or in JSON a list of references [default: ${DEFAULT-VALUE}]")
    private String referenceField;

    @Option(
            names = "--prediction-field",
            paramLabel = "FIELD",
            defaultValue = "predicted",
            description = "Field with the output [default: ${DEFAULT-VALUE}]")
    private String predictionField;

    @Option(
            names = "--reference-file",
            paramLabel = "FILE",
            description = "FILE has one output per line, and this file the reference of each; repeatable for several"
                    + " references")
    private List<Path> referenceFiles = List.of();

    @Option(
            names = "--resamples",
            paramLabel = "N",
            description = "Resamples of the bootstrap, 2 to 1000000 [default: 10000, fewer for more than 100,000 rows]")
    private Integer resamples;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1234",
            description = "Seed of the bootstrap [default: ${DEFAULT-VALUE}]")
    private long seed;

    @Override
    public Integer call() {
        if (resamples != null && (resamples < 2 || resamples > MAX_RESAMPLES)) {
            throw usage("--resamples must be 2 to " + MAX_RESAMPLES + ", was " + resamples);
        }
        Console console = common.console();
        List<FileScore> scores = scores(console);
        boolean tasks = scores.stream().anyMatch(score -> !score.task().isEmpty());
        Table table = tasks
                ? new Table("task", "metric", "value", "±", "n", "signature")
                : new Table("metric", "value", "±", "n", "signature");
        for (FileScore score : scores) {
            console.printJson(json(score));
            String value = number(score, score.estimate().value());
            double half = (score.estimate().interval().high()
                            - score.estimate().interval().low())
                    / 2;
            if (tasks) {
                table.row(
                        VisibleText.of(score.task()),
                        score.metric(),
                        value,
                        number(score, half),
                        score.rows(),
                        score.signature());
            } else {
                table.row(score.metric(), value, number(score, half), score.rows(), score.signature());
            }
        }
        table.print(console);
        return 0;
    }

    private List<FileScore> scores(Console console) {
        boolean records = referenceFiles.isEmpty() && RecordFile.isRecords(file);
        if (metrics.isEmpty() && !records) {
            throw usage("missing --metric: chrf, bleu, rouge-l, em, f1, accuracy or macro-f1");
        }
        FileScorer scorer = new FileScorer(metrics, this::bootstrap, metric -> {
            if (console.interactive()) {
                console.note("computing " + metric);
            }
        });
        if (records) {
            return scorer.records(file);
        }
        return referenceFiles.isEmpty()
                ? scorer.fields(file, referenceField, predictionField)
                : scorer.lines(file, referenceFiles);
    }

    private Bootstrap bootstrap(int rows) {
        long fitting = Math.clamp(MAX_DRAWS / rows, MIN_RESAMPLES, Bootstrap.DEFAULT.resamples());
        return new Bootstrap(resamples == null ? (int) fitting : resamples, seed, Bootstrap.DEFAULT.confidence());
    }

    private static String number(FileScore score, double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        boolean percent =
                score.metric().equals(FileMetric.CHRF.label()) || score.metric().equals(FileMetric.BLEU.label());
        return Format.fixed(value, percent ? PERCENT_DIGITS : DIGITS);
    }

    private static Map<String, Object> json(FileScore score) {
        Map<String, Object> json = new LinkedHashMap<>();
        if (!score.task().isEmpty()) {
            json.put("task", score.task());
        }
        json.put("metric", score.metric());
        json.put("value", finite(score.estimate().value()));
        json.put("standard_error", finite(score.estimate().standardError()));
        json.put("lower", finite(score.estimate().interval().low()));
        json.put("upper", finite(score.estimate().interval().high()));
        json.put("rows", score.rows());
        json.put("signature", score.signature());
        return json;
    }

    /** JSON has no NaN and no infinity. */
    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
