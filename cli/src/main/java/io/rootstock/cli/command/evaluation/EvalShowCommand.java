package io.rootstock.cli.command.evaluation;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.evaluation.Confusions;
import io.rootstock.cli.evaluation.ContaminationText;
import io.rootstock.cli.evaluation.EvaluationDetails;
import io.rootstock.cli.evaluation.EvaluationRequests;
import io.rootstock.cli.evaluation.ResultTable;
import io.rootstock.evaluation.v1.Evaluation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock eval show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        header = "Show the state, settings and results of an evaluation",
        description =
                "With --json, also prints a line with the confusion matrix of each task that has the metric macro_f1"
                        + " or mcc.",
        footer = {"", "Example:", "  rootstock eval show EVALUATION"})
final class EvalShowCommand extends ServiceCommand {
    @Parameters(paramLabel = "EVALUATION", description = "Evaluation ID or name")
    private String evaluation;

    @Override
    protected int run(Clients clients, Console console) {
        Evaluation found = new EvaluationRequests(clients).get(evaluation);
        console.printJson(found);
        if (console.json()) {
            Confusions.read(clients, found).forEach(confusion -> console.printJson(Confusions.json(confusion)));
        }
        EvaluationDetails.of(found).print(console);
        if (found.getResultsCount() > 0) {
            console.print("");
            ResultTable.of(found.getResultsList()).print(console);
            new ContaminationText(found.getResultsList()).print(console);
        }
        return 0;
    }
}
