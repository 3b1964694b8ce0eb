package io.rootstock.cli.command.inference;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.client.Serving;
import io.rootstock.cli.client.SourceRows;
import io.rootstock.cli.client.Upload;
import io.rootstock.cli.command.ParallelArgument;
import io.rootstock.cli.command.RowFileOptions;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Progress;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.operation.Uploads;
import io.rootstock.cli.prediction.AnswerPredictor;
import io.rootstock.cli.prediction.BadRows;
import io.rootstock.cli.prediction.ClassPredictor;
import io.rootstock.cli.prediction.Prediction;
import io.rootstock.cli.prediction.PredictionFile;
import io.rootstock.cli.prediction.PredictionRun;
import io.rootstock.cli.prediction.PredictionScore;
import io.rootstock.cli.prediction.Predictor;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Sampling;
import io.rootstock.inference.v1.SamplingDefaults;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.ReadSourceRowsRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock predict}. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        header = "Predict labels or answers for the rows of files",
        description = "Classifies the texts of .txt, .jsonl, .json, .csv and .tsv files with a served classifier, or"
                + " generates answers to their instructions with a served instruction model. Rows are as for"
                + " `dataset prepare`; their labels or answers are optional. Prints accuracy and macro F1, or chrF++ and"
                + " BLEU, of the rows that have them.",
        footer = {
            "",
            "Examples:",
            "  rootstock predict spam --file test.tsv --output-file predictions.tsv",
            "  rootstock predict translate --parallel en.txt,de.txt --instruction \"Translate to German.\""
        })
public final class PredictCommand extends ServiceCommand {
    private static final int MAX_CONCURRENCY = 256;

    @Parameters(paramLabel = "MODEL", description = "Served classifier or instruction model: MODEL or MODEL@ALIAS")
    private String model;

    @Option(names = "--file", paramLabel = "FILE", description = "File with the rows; repeatable")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--parallel",
            paramLabel = "INPUTS,OUTPUTS",
            converter = ParallelArgument.Converter.class,
            description = "Two line-aligned .txt files: inputs and expected outputs (instruction); repeatable")
    private List<ParallelArgument> parallel = new ArrayList<>();

    @Option(
            names = "--instruction",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Instruction of all rows of line-aligned files [default: the input is the instruction]")
    private String instruction;

    @Mixin
    private RowFileOptions rowFiles;

    @Option(
            names = "--output-file",
            paramLabel = "FILE",
            description = "Write a line for each predicted row to a new file: .tsv (tabs and line breaks in values"
                    + " become spaces) or .jsonl")
    private Path output;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "0",
            description = "Maximum tokens of an answer [default: " + SamplingDefaults.MAX_TOKENS
                    + ", or the rest of the context]")
    private int maxTokens;

    @Option(
            names = "--temperature",
            paramLabel = "X",
            defaultValue = "0",
            description = "Sampling temperature of answers; 0: greedy [default: ${DEFAULT-VALUE}]")
    private float temperature;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "16",
            description = "Maximum number of concurrent requests, 1 to 256 [default: ${DEFAULT-VALUE}]")
    private int concurrency;

    @Option(
            names = "--max-rejected-rows",
            paramLabel = "N",
            defaultValue = "0",
            description = "Maximum number of rows that cannot be read or that the model rejects; -1: unlimited"
                    + " [default: ${DEFAULT-VALUE}]")
    private long maxRejectedRows;

    @Override
    protected int run(Clients clients, Console console) {
        check();
        boolean classifies = classifies(clients);
        BadRows bad = new BadRows(maxRejectedRows);
        ReadSourceRowsRequest request = request(classifies, clients, console);
        long total = count(clients, request, bad);
        bad.lines().forEach(line -> console.note("rejected " + line));
        Totals totals = predict(clients, request, classifies, total, bad, console);
        totals.print(console);
        return 0;
    }

    private void check() {
        if (files.isEmpty() && parallel.isEmpty()) {
            throw usage("missing rows: add --file FILE or --parallel INPUTS,OUTPUTS");
        }
        if (parallel.isEmpty() && !instruction.isEmpty()) {
            throw usage("--instruction requires --parallel, line-aligned files");
        }
        if (concurrency < 1 || concurrency > MAX_CONCURRENCY) {
            throw usage("invalid --concurrency " + concurrency + ": requires 1 to " + MAX_CONCURRENCY);
        }
        if (output != null && !PredictionFile.isSupported(output)) {
            throw usage("invalid --output-file " + output + ": requires a name that ends in .tsv or .jsonl");
        }
        rowFiles.charset();
        files.forEach(Upload::requireReadable);
        parallel.forEach(pair -> List.of(pair.inputs(), pair.outputs()).forEach(Upload::requireReadable));
    }

    private boolean classifies(Clients clients) {
        String kind = new Serving(clients).kind(model);
        return switch (kind) {
            case "classifier" -> {
                if (!parallel.isEmpty()) {
                    throw usage("--parallel requires an instruction model; '" + model + "' is a classifier");
                }
                yield true;
            }
            case "instruct" -> false;
            default ->
                throw new CliException(
                        "model '" + model + "' is of kind " + kind,
                        "predict requires a classifier or an instruction model");
        };
    }

    private ReadSourceRowsRequest request(boolean classifies, Clients clients, Console console) {
        ReadSourceRowsRequest.Builder request = ReadSourceRowsRequest.newBuilder()
                .setKind(classifies ? DatasetKind.DATASET_KIND_CLASSIFICATION : DatasetKind.DATASET_KIND_INSTRUCTION)
                .setFields(rowFiles.fieldNames())
                .setColumns(rowFiles.columns())
                .setDelimiter(rowFiles.delimiter());
        files.forEach(file -> request.addSources(source(file, clients, console).setShape(rowFiles.shape())));
        parallel.forEach(pair -> request.addSources(source(pair.inputs(), clients, console)
                .setOutputDigest(Uploads.one(clients, pair.outputs(), console).getDigest())
                .setInstruction(instruction)));
        return request.build();
    }

    private DatasetSource.Builder source(Path file, Clients clients, Console console) {
        return DatasetSource.newBuilder()
                .setDigest(Uploads.one(clients, file, console).getDigest())
                .setEncoding(rowFiles.encoding());
    }

    /** Reads all rows before the first request, so that rejected rows are known and the total is. */
    private static long count(Clients clients, ReadSourceRowsRequest request, BadRows bad) {
        long rows = 0;
        SourceRows read =
                new SourceRows(clients, request, row -> bad.add(row.getFile(), row.getLine(), row.getReason()));
        while (read.hasNext()) {
            read.next();
            rows++;
        }
        bad.requireAtMost();
        if (rows == 0) {
            throw new CliException("the files have no rows", "check --file, --columns and --field");
        }
        return rows;
    }

    private Totals predict(
            Clients clients,
            ReadSourceRowsRequest request,
            boolean classifies,
            long total,
            BadRows bad,
            Console console) {
        String name = Names.of("models", model);
        Predictor predictor = classifies
                ? new ClassPredictor(clients, name)
                : new AnswerPredictor(
                        clients,
                        name,
                        GenerationOptions.newBuilder()
                                .setMaxTokens(maxTokens)
                                .setSampling(Sampling.newBuilder().setTemperature(temperature))
                                .build());
        Totals totals = new Totals(classifies ? new PredictionScore.Classes() : new PredictionScore.Answers());
        Optional<PredictionFile> written = Optional.ofNullable(output).map(PredictionFile::create);
        try (Progress progress = Progress.open(console, "predict")) {
            new PredictionRun(predictor, concurrency).run(new SourceRows(clients, request, rejected -> {}), result -> {
                switch (result) {
                    case Prediction.Answered answered -> {
                        totals.add(answered);
                        written.ifPresent(file -> file.write(answered));
                    }
                    case Prediction.Rejected rejected -> {
                        bad.add(rejected.row().getFile(), rejected.row().getLine(), rejected.reason());
                        console.note("rejected " + rejected.row().getFile() + ":"
                                + rejected.row().getLine() + ": " + rejected.reason());
                        bad.requireAtMost();
                        totals.rejected++;
                    }
                }
                progress.show(totals.rows + totals.rejected, total, totals.progress(total));
            });
        } finally {
            written.ifPresent(PredictionFile::close);
        }
        totals.rejected = bad.count();
        return totals;
    }

    /** Counts of a run. */
    private static final class Totals {
        private final PredictionScore score;
        private final long start = System.nanoTime();
        private long rows;
        private long rejected;
        private long tokens;

        Totals(PredictionScore score) {
            this.score = score;
        }

        void add(Prediction.Answered prediction) {
            rows++;
            tokens += prediction.tokens();
            if (prediction.row().hasExpected()) {
                score.add(prediction.text(), prediction.row().getExpected());
            }
        }

        private double seconds() {
            return Math.max(1e-3, (System.nanoTime() - start) / 1e9);
        }

        private String rate() {
            return Format.count(rows / seconds()) + " rows/s"
                    + (tokens > 0 ? ", " + Format.count(tokens / seconds()) + " tok/s" : "");
        }

        String progress(long total) {
            double left = total - rows - rejected;
            return rate() + "  ETA " + Format.duration(seconds() / Math.max(1, rows + rejected) * left);
        }

        void print(Console console) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("rows", rows);
            values.put("rejected_rows", rejected);
            values.put("scored_rows", score.rows());
            if (score.rows() > 0) {
                values.putAll(score.metrics());
            }
            values.put("seconds", seconds());
            console.printJson(values);
            console.note(
                    "predicted " + Format.counted(rows, "row") + " in " + Format.duration(seconds()) + ": " + rate());
            if (score.rows() > 0) {
                String of = score.rows() == rows ? "" : ", " + score.rows() + " of the rows";
                console.print(score.metrics().entrySet().stream()
                                .map(metric -> metric.getKey() + " " + Format.fixed(metric.getValue(), 4))
                                .collect(Collectors.joining("  "))
                        + of);
            } else {
                console.note("no metrics: no row has a label or an answer");
            }
        }
    }
}
