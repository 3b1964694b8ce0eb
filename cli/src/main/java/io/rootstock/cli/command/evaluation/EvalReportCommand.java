package io.rootstock.cli.command.evaluation;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.evaluation.Confusions;
import io.rootstock.cli.evaluation.EvaluationDetails;
import io.rootstock.cli.evaluation.EvaluationRequests;
import io.rootstock.cli.evaluation.EvaluationRows;
import io.rootstock.cli.evaluation.MetricScale;
import io.rootstock.cli.report.FlippedRow;
import io.rootstock.cli.report.Report;
import io.rootstock.cli.report.ReportPage;
import io.rootstock.evaluation.task.score.RowRecord;
import io.rootstock.evaluation.task.score.RowRecords;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.GetSuiteRevisionRequest;
import io.rootstock.evaluation.v1.ReadEvaluationRowsRequest;
import io.rootstock.evaluation.v1.SuiteRevision;
import io.rootstock.evaluation.v1.TaskComparison;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock eval report}. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        header = "Write an evaluation, or the comparison of two, as an HTML page",
        description = "The page has no scripts and needs no other file: metrics with intervals, differences from the"
                + " baseline, the rows that became correct or wrong, digests, and the commands that reproduce it.",
        footer = {
            "",
            "Examples:",
            "  rootstock eval report EVALUATION --to report.html",
            "  rootstock eval report BASELINE EVALUATION --to report.html"
        })
final class EvalReportCommand extends ServiceCommand {
    @Parameters(
            arity = "1..2",
            paramLabel = "EVALUATION",
            description = "Succeeded evaluation; of two, the first one is the baseline")
    private List<String> evaluations;

    @Option(names = "--to", paramLabel = "FILE", required = true, description = "File to write; must not exist")
    private Path file;

    @Override
    protected int run(Clients clients, Console console) {
        if (Files.exists(file)) {
            throw exists();
        }
        EvaluationRequests requests = new EvaluationRequests(clients);
        List<Evaluation> found = evaluations.stream()
                .map(requests::get)
                .map(EvalReportCommand::succeeded)
                .toList();
        Evaluation evaluation = found.getLast();
        SuiteRevision suite = clients.suites()
                .getSuiteRevision(GetSuiteRevisionRequest.newBuilder()
                        .setName(evaluation.getResolved().getSuiteRevision())
                        .build())
                .getRevision();
        Optional<Report.Comparison> comparison = found.size() == 1
                ? Optional.empty()
                : Optional.of(comparison(clients, requests, found.getFirst(), evaluation));
        write(ReportPage.of(new Report(evaluation, suite, comparison, Confusions.read(clients, evaluation))));
        console.printJson(Map.of("report", file.toString()));
        console.print("wrote " + file);
        return 0;
    }

    private static Evaluation succeeded(Evaluation evaluation) {
        if (!EvaluationDetails.isSucceeded(evaluation)) {
            throw new CliException(
                    evaluation.getName() + " has not succeeded",
                    "see its state with: rootstock eval show " + Names.id(evaluation.getName()));
        }
        return evaluation;
    }

    private static Report.Comparison comparison(
            Clients clients, EvaluationRequests requests, Evaluation baseline, Evaluation evaluation) {
        List<TaskComparison> tasks =
                requests.compare(baseline.getName(), evaluation.getName()).getTasksList();
        List<String> judged = tasks.stream()
                .filter(task -> task.getMetricsCount() > 0
                        && MetricScale.isOfCorrectRows(task.getMetrics(0).getMetric()))
                .map(TaskComparison::getTask)
                .toList();
        List<FlippedRow> flipped = new ArrayList<>();
        long count = judged.isEmpty() ? 0 : flipped(clients, baseline, evaluation, judged, flipped);
        return new Report.Comparison(baseline, tasks, judged, flipped, count);
    }

    /** Adds the first flipped rows, and returns the number of all. */
    private static long flipped(
            Clients clients, Evaluation baseline, Evaluation evaluation, List<String> tasks, List<FlippedRow> flipped) {
        EvaluationRows lines = new EvaluationRows(
                clients,
                ReadEvaluationRowsRequest.newBuilder()
                        .setName(evaluation.getName())
                        .addAllTasks(tasks)
                        .setFlippedAgainst(baseline.getName())
                        .build());
        long count = 0;
        while (lines.hasNext()) {
            count++;
            String second = lines.next();
            String first = lines.next();
            if (count <= Report.MAX_FLIPPED) {
                RowRecord baselineRow = RowRecords.fromJson(first, baseline.getName(), count);
                flipped.add(new FlippedRow(baselineRow, RowRecords.fromJson(second, evaluation.getName(), count)));
            }
        }
        return count;
    }

    private void write(String page) {
        try {
            Files.writeString(file, page, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw exists();
        } catch (IOException e) {
            throw new CliException("cannot write --to " + file + ": " + e.getMessage(), "check the path");
        }
    }

    private CliException exists() {
        return new CliException("--to " + file + " already exists", "choose another name or remove the file");
    }
}
