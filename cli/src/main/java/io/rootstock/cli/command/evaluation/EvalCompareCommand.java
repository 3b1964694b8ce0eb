package io.rootstock.cli.command.evaluation;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.evaluation.ComparisonText;
import io.rootstock.cli.evaluation.EvaluationRequests;
import io.rootstock.evaluation.v1.CompareEvaluationsResponse;
import io.rootstock.evaluation.v1.Evaluation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock eval compare}. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        header = "Compare two evaluations row by row",
        description =
                "Prints the difference of each metric with its paired 95-percent interval, the p-value after Holm's"
                        + " correction over the tasks, and the verdict at the 5-percent level. EVALUATION1 is the baseline.",
        footer = {"", "Example:", "  rootstock eval compare EVALUATION1 EVALUATION2"})
final class EvalCompareCommand extends ServiceCommand {
    @Parameters(index = "0", paramLabel = "EVALUATION1", description = "Evaluation ID or name; the baseline")
    private String first;

    @Parameters(index = "1", paramLabel = "EVALUATION2", description = "Evaluation ID or name")
    private String second;

    @Override
    protected int run(Clients clients, Console console) {
        EvaluationRequests requests = new EvaluationRequests(clients);
        Evaluation one = requests.get(first);
        Evaluation other = requests.get(second);
        CompareEvaluationsResponse comparison = requests.compare(one.getName(), other.getName());
        console.printJson(comparison);
        new ComparisonText(comparison.getTasksList()).print(console, one, other);
        console.note(
                "hint: rootstock eval rows " + Names.id(other.getName()) + " --flipped " + Names.id(one.getName()));
        return 0;
    }
}
