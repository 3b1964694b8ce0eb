package io.rootstock.cli.display;

import io.rootstock.registry.v1.JobEvent;
import io.rootstock.trainer.v1.Estimate;
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

/** Shows a job's events as they come: a bar for progress, a line for everything else worth telling. */
public final class JobDisplay implements AutoCloseable {
    /** Metrics that describe the measurement rather than the model; --json has them. */
    private static final Set<String> UNREMARKABLE =
            Set.of("rows", "share_of_split", "nats_per_character", "start_bits_per_byte");

    /** What the number formats lose is told by a message for each. */
    private static final Pattern OF_A_FORMAT = Pattern.compile(".*_(f32|f16|q8_0|q4_k_m)");

    private final Console console;
    private final String task;
    private final List<Chart.Point> losses = new ArrayList<>();
    /** The line of each split's newest evaluation. */
    private final Map<String, String> evaluations = new HashMap<>();

    private Progress progress;
    private String validation = "";

    /**
     * @param console where to
     * @param task name beside the bar
     */
    public JobDisplay(Console console, String task) {
        this.console = console;
        this.task = task;
    }

    /** Shows one event. */
    public void show(JobEvent event) {
        console.printJson(event);
        switch (event.getEventCase()) {
            case STATE_CHANGED ->
                state(
                        Labels.of(event.getStateChanged().getState()),
                        event.getStateChanged().getMessage());
            case RUN_EVENT -> show(event.getRunEvent());
            case EVENT_NOT_SET -> {}
        }
    }

    /** Training loss against tokens, of all progress seen. */
    public List<Chart.Point> losses() {
        return List.copyOf(losses);
    }

    /** A note that must not be drawn over by the bar. */
    public void note(String line) {
        endBar();
        console.note("  " + line);
    }

    @Override
    public void close() {
        endBar();
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
            // Told by the job's own state, or too often to tell.
            case STATE_CHANGED, CHECKPOINT, ARTIFACTS, EVENT_NOT_SET -> {}
        }
    }

    private void evaluation(RunEvaluation evaluation) {
        String line = line(evaluation);
        if (line.equals(evaluations.put(evaluation.getSplit(), line))) {
            // Told again, with what was measured of the exported files.
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

    private void state(String state, String message) {
        if (!message.isEmpty()) {
            note(state + ": " + message);
        }
    }

    private void progress(RunProgress now) {
        if (progress == null) {
            progress = Progress.open(console, task);
        }
        if (now.getLoss() > 0) {
            losses.add(new Chart.Point(now.getTokens(), now.getLoss()));
        }
        progress.show(now.getStep(), now.getTotalSteps(), line(now) + validation);
    }

    private void export(RunExport now) {
        if (progress == null) {
            progress = Progress.open(console, "export");
        }
        progress.show(Math.round(100 * now.getDone()), 100, line(now));
    }

    /** What is done after training, and how long it takes yet. */
    public static String line(RunExport now) {
        return now.getStage() + (now.getEtaSeconds() > 0 ? "  ETA " + Format.duration(now.getEtaSeconds()) : "");
    }

    /** Ends the bar, so that other lines can follow. */
    public void endBar() {
        if (progress != null) {
            progress.close();
            progress = null;
        }
    }

    /** Loss, gradient norm, learning rate, speed, and what is spent and left, in one line. */
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

    /** A sample in one line: the prompt, and after the bar what the model writes. */
    public static String line(RunSample sample) {
        return "step %d  %s|%s".formatted(sample.getStep(), oneLine(sample.getPrompt()), oneLine(sample.getText()));
    }

    /** What the run took, and by how much the estimate was off. */
    public static String line(RunUsage usage) {
        Estimate estimate = usage.getEstimate();
        String memory = usage.getMemoryBytes() == 0
                ? ""
                : "memory %s (estimated %s, off by %s)  "
                        .formatted(
                                Format.bytes(usage.getMemoryBytes()),
                                Format.bytes(estimate.getMemoryBytes()),
                                error((double) estimate.getMemoryBytes(), (double) usage.getMemoryBytes()));
        return "took  %straining %s (estimated %s, off by %s)  %s"
                .formatted(
                        memory,
                        Format.duration(usage.getSeconds()),
                        Format.duration(estimate.getSeconds()),
                        error(estimate.getSeconds(), usage.getSeconds()),
                        Format.dollars(usage.getDollars()));
    }

    /** Of the estimate, as a share of what it was to be. */
    private static String error(double estimated, double real) {
        return real > 0 ? String.format(Locale.ROOT, "%+.1f %%", 100 * (estimated / real - 1)) : "?";
    }

    /** Control characters, line ends among them, would break the line or the terminal. */
    private static String oneLine(String text) {
        return text.replace("\n", "\u23ce").replaceAll("\\p{Cntrl}", " ");
    }

    /** An evaluation in one line. */
    public static String line(RunEvaluation evaluation) {
        String metrics = new TreeMap<>(evaluation.getMetricsMap())
                .entrySet().stream()
                        .filter(metric -> !UNREMARKABLE.contains(metric.getKey())
                                && !OF_A_FORMAT.matcher(metric.getKey()).matches())
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
}
