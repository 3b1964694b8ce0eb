package io.rootstock.cli.command.evaluation;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.evaluation.ContaminationText;
import io.rootstock.cli.evaluation.ResultTable;
import io.rootstock.cli.evaluation.WatchedEvaluation;
import io.rootstock.evaluation.v1.Evaluation;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock eval watch}. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        header = "Watch an evaluation",
        description = "Replays past events and prints new ones until the evaluation ends, then its results. Exits with"
                + " code 1 if it did not succeed.",
        footer = {"", "Example:", "  rootstock eval watch EVALUATION --json > events.jsonl"})
final class EvalWatchCommand extends ServiceCommand {
    @Parameters(paramLabel = "EVALUATION", description = "Evaluation ID or name")
    private String evaluation;

    @Option(
            names = "--after-sequence",
            paramLabel = "N",
            defaultValue = "0",
            description = "Sequence number of the last event to skip [default: ${DEFAULT-VALUE}]")
    private long afterSequence;

    @Override
    protected int run(Clients clients, Console console) {
        Evaluation ended = WatchedEvaluation.watch(
                        clients, console, List.of(Names.of("evaluations", evaluation)), afterSequence)
                .getFirst();
        if (!WatchedEvaluation.succeeded(ended)) {
            return 1;
        }
        ResultTable.print(console, ended);
        new ContaminationText(ended.getResultsList()).print(console);
        return 0;
    }
}
