package io.rootstock.cli.report;

import com.google.protobuf.util.Timestamps;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Labels;
import io.rootstock.cli.evaluation.ComparisonText;
import io.rootstock.cli.evaluation.ContaminationText;
import io.rootstock.cli.evaluation.EvaluationDetails;
import io.rootstock.cli.evaluation.MetricScale;
import io.rootstock.cli.evaluation.PromptFormats;
import io.rootstock.cli.installation.BuildVersion;
import io.rootstock.evaluation.result.Confusion;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.MetricComparison;
import io.rootstock.evaluation.v1.MetricResult;
import io.rootstock.evaluation.v1.TaskComparison;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.trainer.v1.GgufFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a report as an HTML page. */
public final class ReportPage {
    private static final String BEGIN = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            """;
    private static final String STYLE = """
            <style>
            :root { color-scheme: light dark; --ink: #1c1c1c; --paper: #fff; --grid: #ccc; --first: #888; --second: #1565c0; }
            @media (prefers-color-scheme: dark) {
              :root { --ink: #e6e6e6; --paper: #161616; --grid: #444; --first: #999; --second: #64b5f6; }
            }
            body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem;
              color: var(--ink); background: var(--paper); }
            table { border-collapse: collapse; margin: 1rem 0; }
            th, td { border-bottom: 1px solid var(--grid); padding: .3rem .7rem; text-align: left; vertical-align: top;
              white-space: pre-wrap; overflow-wrap: anywhere; }
            pre { padding: .7rem; border: 1px solid var(--grid); overflow-x: auto; }
            .wide { overflow-x: auto; }
            svg { display: block; max-width: 55rem; margin: 1rem 0; font-size: 12px; }
            svg text { fill: var(--ink); }
            svg .title { font-weight: 600; }
            svg .tick { text-anchor: middle; }
            svg line.grid { stroke: var(--grid); }
            svg line.chance { stroke: var(--ink); stroke-dasharray: 3 2; }
            svg line.s0 { stroke: var(--first); stroke-width: 2; }
            svg line.s1 { stroke: var(--second); stroke-width: 2; }
            svg circle.s0 { fill: var(--first); }
            svg circle.s1 { fill: var(--second); }
            </style>
            </head>
            <body>
            """;

    private final Report report;
    private final Html html = new Html();

    private ReportPage(Report report) {
        this.report = report;
    }

    /** Returns the page of a report. */
    public static String of(Report report) {
        ReportPage page = new ReportPage(report);
        page.write();
        return page.html.markup();
    }

    private void write() {
        String title =
                "Evaluation of " + Names.brief(report.evaluation().getResolved().getVersion()) + " on "
                        + EvaluationDetails.suite(report.evaluation());
        html.raw(BEGIN)
                .element("title", title)
                .raw("\n")
                .raw(STYLE)
                .element("h1", title)
                .raw("\n");
        html.table(List.of("", "evaluation"), facts(report.evaluation()));
        report.comparison().ifPresent(comparison -> html.table(List.of("", "baseline"), facts(comparison.baseline())));
        results();
        writeConfusions(report.confusions(), html);
        report.comparison().ifPresent(this::comparison);
        reproduce();
        html.raw("</body>\n</html>\n");
    }

    private static List<List<String>> facts(Evaluation evaluation) {
        List<List<String>> facts = new ArrayList<>();
        facts.add(List.of("name", evaluation.getName()));
        facts.add(List.of("version", evaluation.getResolved().getVersion()));
        facts.add(List.of("suite", evaluation.getResolved().getSuiteRevision()));
        facts.add(List.of(
                "file",
                Labels.file(evaluation.getResolved().getArtifact().getKind()) + ", "
                        + evaluation.getResolved().getArtifact().getDigest()));
        facts.add(List.of("engine", evaluation.getEngine()));
        facts.add(List.of("prompts", PromptFormats.of(evaluation)));
        facts.add(List.of("row records", evaluation.getRows().getDigest()));
        EvaluationDetails.settings(evaluation.getSpec()).forEach((name, value) -> facts.add(List.of(name, value)));
        facts.add(List.of("created", Timestamps.toString(evaluation.getCreateTime())));
        return facts;
    }

    private void results() {
        html.raw("<h2>Results</h2>\n<p>Dots are values, lines their intervals of 95 % over rows, dashed lines the value"
                + " of random answers. The error of a training seed is not included.</p>\n");
        Map<String, List<TaskResult>> series = new LinkedHashMap<>();
        report.comparison()
                .ifPresent(comparison -> series.put(
                        "baseline " + brief(comparison.baseline()),
                        comparison.baseline().getResultsList()));
        series.put(brief(report.evaluation()), report.evaluation().getResultsList());
        ResultCharts.values(series).forEach(chart -> chart.write(html));
        series.forEach((label, results) -> {
            html.element("h3", label).raw("\n");
            html.table(
                    List.of(
                            "task",
                            "metric",
                            "value",
                            "95 % interval",
                            "chance",
                            "rows",
                            "near ties",
                            "shots",
                            "signature"),
                    rows(results));
            contamination(new ContaminationText(results));
        });
    }

    private void contamination(ContaminationText contamination) {
        if (contamination.isEmpty()) {
            return;
        }
        html.raw("<p>Contamination: a row is flagged if an n-gram of its text is in the training data.</p>\n");
        html.table(ContaminationText.TITLES, contamination.rows());
        html.raw("<ul>\n");
        contamination
                .sentences()
                .forEach(sentence -> html.element("li", sentence).raw("\n"));
        html.raw("</ul>\n");
    }

    private static List<List<String>> rows(List<TaskResult> results) {
        List<List<String>> rows = new ArrayList<>();
        for (TaskResult task : results) {
            for (MetricResult metric : task.getMetricsList()) {
                MetricScale scale = MetricScale.of(metric.getMetric());
                rows.add(List.of(
                        task.getTask(),
                        metric.getMetric(),
                        scale.value(metric.getValue()),
                        "[" + scale.value(metric.getLower()) + ", " + scale.value(metric.getUpper()) + "]",
                        metric.hasChance() ? scale.value(metric.getChance()) : "-",
                        Long.toString(task.getRows()),
                        Long.toString(task.getNearTies()),
                        Integer.toString(task.getShots()),
                        metric.getSignature()));
            }
        }
        return rows;
    }

    private void comparison(Report.Comparison comparison) {
        html.raw("<h2>Differences from the baseline</h2>\n<p>Paired intervals of 95 %; p-values after Holm's correction"
                + " over the first metrics of the tasks; verdicts at the 5 % level.</p>\n");
        String formats = PromptFormats.difference(comparison.baseline(), report.evaluation());
        if (!formats.isEmpty()) {
            html.element("p", "Note: " + formats + ".").raw("\n");
        }
        ResultCharts.differences(comparison.tasks()).forEach(chart -> chart.write(html));
        List<List<String>> rows = new ArrayList<>();
        for (TaskComparison task : comparison.tasks()) {
            for (MetricComparison metric : task.getMetricsList()) {
                MetricScale scale = MetricScale.of(metric.getMetric());
                rows.add(List.of(
                        task.getTask(),
                        metric.getMetric(),
                        scale.signed(metric.getDifference()),
                        ComparisonText.interval(metric),
                        ComparisonText.pValue(metric.getAdjustedPValue()),
                        ComparisonText.verdict(metric)));
            }
        }
        html.table(List.of("task", "metric", "difference", "95 % interval", "p (Holm)", "verdict"), rows);
        html.raw("<ul>\n");
        new ComparisonText(comparison.tasks())
                .sentences()
                .forEach(sentence -> html.element("li", sentence).raw("\n"));
        html.raw("</ul>\n<h2>Rows that flipped</h2>\n")
                .element(
                        "p",
                        comparison.judged().isEmpty()
                                ? "No task is judged by a metric whose rows are correct or wrong."
                                : flippedRows(comparison))
                .raw("\n");
        if (!comparison.flipped().isEmpty()) {
            html.table(
                    List.of("task", "row", "gold", brief(comparison.baseline()), brief(report.evaluation())),
                    comparison.flipped().stream().map(FlippedRow::cells).toList());
        }
    }

    private static String flippedRows(Report.Comparison comparison) {
        long rows = comparison.flippedRows();
        int shown = comparison.flipped().size();
        return Format.counted(rows, "row") + " of " + String.join(", ", comparison.judged())
                + (rows == 1 ? " has" : " have") + " another first score than in the baseline"
                + (rows > shown ? "; the first " + shown + " are shown." : ".");
    }

    private void reproduce() {
        html.raw("<h2>How to reproduce</h2>\n<pre>");
        report.comparison().ifPresent(comparison -> html.text(reproduction(comparison.baseline()) + "\n"));
        html.text(reproduction(report.evaluation()) + "\n")
                .raw("</pre>\n<p>")
                .text("Written by rootstock " + BuildVersion.current()
                        + ". Equal results need equal files, the engine's build and the number of slots. The suite's"
                        + " files, to be exported with: rootstock suites export "
                        + EvaluationDetails.suite(report.evaluation()) + " --to FOLDER")
                .raw("</p>\n");
        html.table(
                List.of("file", "bytes", "digest"),
                report.suite().getFilesList().stream()
                        .map(file -> List.of(file.getPath(), Long.toString(file.getBytes()), file.getDigest()))
                        .toList());
    }

    private static String brief(Evaluation evaluation) {
        return Names.brief(evaluation.getResolved().getVersion()) + " ("
                + Labels.file(evaluation.getResolved().getArtifact().getKind()) + ")";
    }

    /** Returns the command with version, suite revision, settings and file pinned. */
    private static String reproduction(Evaluation evaluation) {
        StringBuilder command = new StringBuilder("rootstock eval run ")
                .append(Names.brief(evaluation.getResolved().getVersion()))
                .append(" --suite ")
                .append(EvaluationDetails.suite(evaluation));
        EvaluationDetails.settings(evaluation.getSpec())
                .forEach((name, value) -> command.append(" --")
                        .append(name)
                        .append(name.equals(EvaluationDetails.CHECK_CONTAMINATION) ? "" : " " + quoted(value)));
        if (PromptFormats.isChat(evaluation.getSpec().getPromptFormat())) {
            command.append(" --chat");
        }
        GgufFile.of(evaluation.getResolved().getArtifact().getKind())
                .ifPresent(file -> command.append(" --quantization ").append(file.label()));
        return command.toString();
    }

    /** A word for a shell. */
    private static String quoted(String value) {
        return value.matches("[A-Za-z0-9_.,:/@-]+") ? value : "'" + value.replace("'", "'\\''") + "'";
    }

    private static void writeConfusions(List<Confusion> confusions, Html html) {
        if (confusions.isEmpty()) {
            return;
        }
        html.raw("<h2>Confusion matrices</h2>\n<p>Rows: correct class; columns: most probable class.</p>\n");
        for (Confusion confusion : confusions) {
            html.element("h3", confusion.task()).raw("\n");
            if (confusion.isTooLarge()) {
                html.element("p", "More than " + Confusion.MAX_CLASSES + " classes.")
                        .raw("\n");
            } else {
                html.raw("<div class=\"wide\">\n");
                confusionTable(confusion, html);
                html.raw("</div>\n");
            }
        }
    }

    private static void confusionTable(Confusion confusion, Html html) {
        List<String> header = new ArrayList<>(List.of(""));
        header.addAll(confusion.classes());
        List<List<String>> rows = new ArrayList<>();
        for (int label = 0; label < confusion.classes().size(); label++) {
            List<String> row = new ArrayList<>(List.of(confusion.classes().get(label)));
            for (long count : confusion.counts().get(label)) {
                row.add(count == 0 ? "" : Long.toString(count));
            }
            rows.add(row);
        }
        html.table(header, rows);
    }
}
