package io.rootstock.cli.operation;

import io.rootstock.cli.display.Chart;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Labels;
import io.rootstock.cli.display.Progress;
import io.rootstock.cli.display.Table;
import io.rootstock.cli.evaluation.ProgressText;
import io.rootstock.cli.evaluation.ResultTable;
import io.rootstock.evaluation.v1.EvaluationProgress;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.registry.v1.JobStateChanged;
import io.rootstock.registry.v1.TrainerContact;
import io.rootstock.trainer.v1.ClassFigures;
import io.rootstock.trainer.v1.ClassificationReport;
import io.rootstock.trainer.v1.Estimate;
import io.rootstock.trainer.v1.GgufFile;
import io.rootstock.trainer.v1.RunEvaluation;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunExport;
import io.rootstock.trainer.v1.RunProgress;
import io.rootstock.trainer.v1.RunSample;
import io.rootstock.trainer.v1.RunUsage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Displays job events: a bar for progress, one line for each other event. */
public final class JobDisplay implements AutoCloseable {
    /** Metrics that are only printed with {@code --json}. */
    private static final Set<String> HIDDEN_METRICS =
            Set.of("rows", "share_of_split", "nats_per_character", "start_bits_per_byte", "answer_rows");

    /** Metrics of a quantization, which are printed as messages. */
    private static final Pattern QUANTIZATION_METRIC =
            Pattern.compile(GgufFile.MADE.stream().map(GgufFile::label).collect(Collectors.joining("|", ".*_(", ")")));

    private final Console console;
    private final String task;
    private final List<Chart.Point> losses = new ArrayList<>();
    /** Latest printed evaluation of each split. */
    private final Map<String, String> evaluations = new HashMap<>();

    private Progress progress;
    private String validation = "";

    /**
     * @param task label of the progress bar
     */
    public JobDisplay(Console console, String task) {
        this.console = console;
        this.task = task;
    }

    /** Prints one event. */
    public void show(JobEvent event) {
        console.printJson(event);
        switch (event.getEventCase()) {
            case STATE_CHANGED -> state(event.getStateChanged());
            case RUN_EVENT -> show(event.getRunEvent());
            case TRAINER_CONTACT -> note(line(event.getTrainerContact()));
            case EVALUATION_PROGRESS -> progress(event.getEvaluationProgress());
            case TASK_RESULT -> note(ResultTable.line(event.getTaskResult()));
            case EVENT_NOT_SET -> {}
        }
    }

    /** Training loss by training tokens. */
    public List<Chart.Point> losses() {
        return List.copyOf(losses);
    }

    /** Closes the bar and prints a line. */
    public void note(String line) {
        close();
        console.note("  " + line);
    }

    /** Closes the bar. */
    @Override
    public void close() {
        if (progress != null) {
            progress.close();
            progress = null;
        }
    }

    private void show(RunEvent event) {
        switch (event.getEventCase()) {
            case PROGRESS -> progress(event.getProgress());
            case EVALUATION -> evaluation(event.getEvaluation());
            case RESOLVED -> {
                if (event.getResolved().getStartStep() > 0) {
                    note("resumed from the checkpoint of step "
                            + event.getResolved().getStartStep());
                }
            }
            case MESSAGE -> note(event.getMessage().getText());
            case SAMPLE -> note(line(event.getSample()));
            case USAGE -> note(line(event.getUsage()));
            case EXPORT -> export(event.getExport());
            // Not printed: covered by the state of the job, or too frequent.
            case STATE_CHANGED, CHECKPOINT, ARTIFACTS, EVENT_NOT_SET -> {}
        }
    }

    private void evaluation(RunEvaluation evaluation) {
        String line = line(evaluation);
        if (line.equals(evaluations.put(evaluation.getSplit(), line))) {
            // Repeated, with additional metrics of the exported files.
            return;
        }
        note(line);
        if (evaluation.getSplit().equals("validation") && evaluation.getBitsPerByte() > 0) {
            validation = "  validation " + Format.fixed(evaluation.getBitsPerByte(), 3) + " bits/byte";
        }
        if (evaluation.getSplit().equals("test") && evaluation.hasClassification()) {
            ClassTable.lines(evaluation.getClassification()).forEach(this::note);
        }
    }

    private void state(JobStateChanged change) {
        if (!change.getMessage().isEmpty()) {
            note(Labels.state(change.getState(), change.getMessage()));
        }
    }

    private void progress(EvaluationProgress now) {
        openBar(task);
        if (now.hasSearch()) {
            progress.show(now.getSearch().getBytesRead(), now.getSearch().getTotalBytes(), ProgressText.line(now));
        } else {
            progress.show(now.getRows(), now.getTotalRows(), ProgressText.line(now));
        }
    }

    private void progress(RunProgress now) {
        openBar(task);
        if (now.getLoss() > 0) {
            losses.add(new Chart.Point(now.getTokens(), now.getLoss()));
        }
        progress.show(Math.round(100 * now.getDone()), 100, "step " + now.getStep() + "  " + line(now) + validation);
    }

    private void export(RunExport now) {
        openBar("export");
        progress.show(Math.round(100 * now.getDone()), 100, line(now));
    }

    private void openBar(String label) {
        if (progress == null) {
            progress = Progress.open(console, label);
        }
    }

    /** Formats whether the trainer answers. */
    public static String line(TrainerContact contact) {
        return contact.getAnswers()
                ? "the trainer answers again"
                : contact.getMessage() + "; last contact " + Format.time(contact.getLostTime())
                        + ", the worker may still train";
    }

    /** Stage of the export and its remaining time. */
    public static String line(RunExport now) {
        return now.getStage() + (now.getEtaSeconds() > 0 ? "  ETA " + Format.duration(now.getEtaSeconds()) : "");
    }

    /** Loss, gradient norm, learning rate, throughput, remaining time and cost in one line. */
    public static String line(RunProgress now) {
        return "loss %s  norm %s  lr %s  %s tok/s%s  MFU %s  ETA %s  %s of %s"
                .formatted(
                        Format.fixed(now.getLoss(), 3),
                        Format.fixed(now.getGradientNorm(), 2),
                        Format.rate(now.getLearningRate()),
                        Format.count(now.getTokensPerSecond()),
                        now.getPaddedShare() < 0.005 ? "" : " (" + Format.percent(now.getPaddedShare()) + " padding)",
                        Format.percent(now.getModelFlopsUtilization()),
                        Format.duration(now.getEtaSeconds()),
                        Format.dollars(now.getDollarsSpent()),
                        Format.dollars(now.getDollarsSpent() + now.getDollarsRemaining()));
    }

    /** A sample in one line: prompt, {@code |}, completion. */
    public static String line(RunSample sample) {
        return "step %d  %s|%s".formatted(sample.getStep(), oneLine(sample.getPrompt()), oneLine(sample.getText()));
    }

    /** Memory, time and cost of the run, with the error of the estimate. */
    public static String line(RunUsage usage) {
        Estimate estimate = usage.getEstimate();
        String memory = usage.getMemoryBytes() == 0
                ? ""
                : "memory %s (estimated %s, error %s)  "
                        .formatted(
                                Format.bytes(usage.getMemoryBytes()),
                                Format.bytes(estimate.getMemoryBytes()),
                                error((double) estimate.getMemoryBytes(), (double) usage.getMemoryBytes()));
        return "used  %stime %s (estimated %s, error %s)  cost %s"
                .formatted(
                        memory,
                        Format.duration(usage.getSeconds()),
                        Format.duration(estimate.getSeconds()),
                        error(estimate.getSeconds(), usage.getSeconds()),
                        Format.dollars(usage.getDollars()));
    }

    /** Relative error of an estimate. */
    private static String error(double estimated, double actual) {
        return actual > 0 ? String.format(Locale.ROOT, "%+.1f %%", 100 * (estimated / actual - 1)) : "?";
    }

    /** Replaces line breaks and control characters. */
    private static String oneLine(String text) {
        return text.replace("\n", "\u23ce").replaceAll("\\p{Cntrl}", " ");
    }

    /** An evaluation in one line. */
    public static String line(RunEvaluation evaluation) {
        String metrics = new TreeMap<>(evaluation.getMetricsMap())
                .entrySet().stream()
                        .filter(metric -> !HIDDEN_METRICS.contains(metric.getKey())
                                && !QUANTIZATION_METRIC.matcher(metric.getKey()).matches())
                        .map(metric -> metric.getKey() + " " + Format.fixed(metric.getValue(), 3))
                        .collect(Collectors.joining(", "));
        return "step %d  %s loss %s%s%s"
                .formatted(
                        evaluation.getStep(),
                        evaluation.getSplit(),
                        Format.fixed(evaluation.getLoss(), 3),
                        evaluation.getBitsPerByte() > 0
                                ? "  bits/byte " + Format.fixed(evaluation.getBitsPerByte(), 3)
                                : "",
                        metrics.isEmpty() ? "" : "  (" + metrics + ")");
    }

    /** Precision, recall and F1 of each class, and the confusion matrix: one column per predicted class. */
    public static final class ClassTable {
        private static final int MAX_CLASSES = 12;
        private static final int MAX_LABEL_WIDTH = 16;

        private ClassTable() {}

        /** The table; without the confusion matrix above 12 classes. */
        public static List<String> lines(ClassificationReport report) {
            int classes = report.getClassesCount();
            boolean matrix = classes <= MAX_CLASSES;
            List<String> head = new ArrayList<>(List.of("class", "precision", "recall", "F1", "rows"));
            if (matrix) {
                report.getClassesList()
                        .forEach(figures -> head.add("pred. " + Format.fit(figures.getLabel(), MAX_LABEL_WIDTH)));
            }
            Table table = new Table(head.toArray(String[]::new));
            for (int row = 0; row < classes; row++) {
                ClassFigures figures = report.getClasses(row);
                List<String> cells = new ArrayList<>(List.of(
                        Format.fit(figures.getLabel(), MAX_LABEL_WIDTH),
                        Format.fixed(figures.getPrecision(), 3),
                        Format.fixed(figures.getRecall(), 3),
                        Format.fixed(figures.getF1(), 3),
                        Long.toString(figures.getRows())));
                for (int column = 0; matrix && column < classes; column++) {
                    cells.add(Long.toString(report.getConfusion(row * classes + column)));
                }
                table.row(cells.toArray());
            }
            return table.lines();
        }
    }
}
