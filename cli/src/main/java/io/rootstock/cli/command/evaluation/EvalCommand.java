package io.rootstock.cli.command.evaluation;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.command.Subcommands;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.evaluation.ComparisonText;
import io.rootstock.cli.evaluation.Confusions;
import io.rootstock.cli.evaluation.EvaluationDetails;
import io.rootstock.cli.evaluation.EvaluationRequests;
import io.rootstock.evaluation.v1.CompareEvaluationsResponse;
import io.rootstock.evaluation.v1.Evaluation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock eval}: groups its commands. */
@Command(
        name = "eval",
        mixinStandardHelpOptions = true,
        header = "Evaluate versions on suites, compare them and write reports",
        description =
                "An evaluation is a job with the same ID: `rootstock jobs` watches, cancels, resumes and deletes it.",
        footer = {
            "",
            "Examples:",
            "  rootstock eval run answers --suite base --against base",
            "  rootstock eval report EVALUATION --to report.html"
        })
@Subcommands({
    EvalRunCommand.class,
    EvalListCommand.class,
    EvalCommand.ShowCommand.class,
    EvalRowsCommand.class,
    EvalCommand.CompareCommand.class,
    EvalReportCommand.class,
    EvalScoreCommand.class
})
public final class EvalCommand extends GroupCommand {
    /** {@code rootstock eval compare}. */
    @Command(
            name = "compare",
            mixinStandardHelpOptions = true,
            header = "Compare two evaluations row by row",
            description =
                    "Prints the difference of each metric with its paired 95-percent interval, the p-value after Holm's"
                            + " correction over the tasks, and the verdict at the 5-percent level. EVALUATION1 is the baseline.",
            footer = {"", "Example:", "  rootstock eval compare EVALUATION1 EVALUATION2"})
    static final class CompareCommand extends ServiceCommand {
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

    /** {@code rootstock eval show}. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            header = "Show the state, settings and results of an evaluation",
            description =
                    "With --json, also prints a line with the confusion matrix of each task that has the metric macro_f1"
                            + " or mcc.",
            footer = {"", "Example:", "  rootstock eval show EVALUATION"})
    static final class ShowCommand extends ServiceCommand {
        @Parameters(paramLabel = "EVALUATION", description = "Evaluation ID or name")
        private String evaluation;

        @Override
        protected int run(Clients clients, Console console) {
            Evaluation found = new EvaluationRequests(clients).get(evaluation);
            console.printJson(found);
            if (console.json()) {
                Confusions.read(clients, found).forEach(confusion -> console.printJson(Confusions.json(confusion)));
            }
            EvaluationDetails.print(console, found);
            return 0;
        }
    }
}
