package io.rootstock.cli.command.evaluation;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.evaluation.EvaluationRows;
import io.rootstock.cli.evaluation.RowText;
import io.rootstock.evaluation.contamination.ContaminatedRow;
import io.rootstock.evaluation.task.score.RowRecord;
import io.rootstock.evaluation.task.score.RowRecords;
import io.rootstock.evaluation.v1.ReadEvaluationRowsRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock eval rows}. */
@Command(
        name = "rows",
        mixinStandardHelpOptions = true,
        header = "Print the scored rows of an evaluation",
        description =
                "Prints file and line of each row, its gold answer, the prediction and the log-probabilities. With"
                        + " --json, prints the row records as JSON Lines, which `eval score` reads.",
        footer = {
            "",
            "Examples:",
            "  rootstock eval rows EVALUATION --task boolq --limit 20",
            "  rootstock eval rows EVALUATION --flipped OTHER",
            "  rootstock eval rows EVALUATION --contaminated",
            "  rootstock eval rows EVALUATION --json > rows.jsonl"
        })
final class EvalRowsCommand extends ServiceCommand {
    @Parameters(paramLabel = "EVALUATION", description = "Evaluation ID or name")
    private String evaluation;

    @Option(names = "--task", paramLabel = "TASK", description = "Only rows of this task; repeatable [default: all]")
    private List<String> tasks = new ArrayList<>();

    @Option(
            names = "--flipped",
            paramLabel = "EVALUATION",
            description = "Only rows whose first score differs from this evaluation's, each with both records; in bits"
                    + " per byte, BLEU and chrF nearly all rows differ")
    private String flipped;

    @Option(
            names = "--contaminated",
            description = "Only rows that were found in training data (eval run --check-contamination), each with the"
                    + " first place")
    private boolean contaminated;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "0",
            description = "Maximum number of rows; 0: all [default: ${DEFAULT-VALUE}]")
    private long limit;

    @Override
    protected int run(Clients clients, Console console) {
        if (limit < 0) {
            throw usage("--limit must be at least 0, was " + limit);
        }
        if (contaminated && flipped != null) {
            throw usage("--contaminated and --flipped exclude each other");
        }
        String name = Names.of("evaluations", evaluation);
        String other = flipped == null ? "" : Names.of("evaluations", flipped);
        EvaluationRows lines = new EvaluationRows(
                clients,
                ReadEvaluationRowsRequest.newBuilder()
                        .setName(name)
                        .addAllTasks(tasks)
                        .setFlippedAgainst(other)
                        .build());
        long count = 0;
        boolean open = true;
        while (open && lines.hasNext() && (limit == 0 || count < limit)) {
            String line = lines.next();
            String pair = flipped == null ? "" : lines.next();
            Optional<ContaminatedRow> place = RowRecords.contaminated(line, name);
            if (contaminated && place.isEmpty()) {
                continue;
            }
            count++;
            if (console.json()) {
                open = console.printDocument(line) && (pair.isEmpty() || console.printDocument(pair));
            } else {
                RowRecord row = RowRecords.fromJson(line, name, count);
                List<String> text = pair.isEmpty()
                        ? RowText.lines(row)
                        : RowText.lines(row, Names.id(name), RowRecords.fromJson(pair, other, count), Names.id(other));
                text.forEach(console::print);
                place.map(RowText::place).ifPresent(console::print);
                open = !console.out().checkError();
            }
        }
        return 0;
    }
}
