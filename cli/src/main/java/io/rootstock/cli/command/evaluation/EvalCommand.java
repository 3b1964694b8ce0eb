package io.rootstock.cli.command.evaluation;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.DeletionCommand;
import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.command.Subcommands;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Labels;
import io.rootstock.cli.evaluation.ComparisonText;
import io.rootstock.cli.evaluation.Confusions;
import io.rootstock.cli.evaluation.ContaminationText;
import io.rootstock.cli.evaluation.EvaluationDetails;
import io.rootstock.cli.evaluation.EvaluationRequests;
import io.rootstock.cli.evaluation.ResultTable;
import io.rootstock.cli.evaluation.WatchedEvaluation;
import io.rootstock.evaluation.v1.CancelEvaluationRequest;
import io.rootstock.evaluation.v1.CompareEvaluationsResponse;
import io.rootstock.evaluation.v1.DeleteEvaluationRequest;
import io.rootstock.evaluation.v1.DeleteEvaluationResponse;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.ResumeEvaluationRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock eval}: groups its commands. */
@Command(
        name = "eval",
        mixinStandardHelpOptions = true,
        header = "Evaluate versions on suites, compare them and write reports",
        footer = {
            "",
            "Examples:",
            "  rootstock eval run answers --suite base --against base",
            "  rootstock eval report EVALUATION --to report.html"
        })
@Subcommands({
    EvalRunCommand.class,
    EvalCommand.WatchCommand.class,
    EvalListCommand.class,
    EvalCommand.ShowCommand.class,
    EvalRowsCommand.class,
    EvalCommand.CompareCommand.class,
    EvalReportCommand.class,
    EvalCommand.CancelCommand.class,
    EvalCommand.ResumeCommand.class,
    EvalCommand.DeleteCommand.class,
    EvalScoreCommand.class
})
public final class EvalCommand extends GroupCommand {
    /** {@code rootstock eval cancel}. */
    @Command(
            name = "cancel",
            mixinStandardHelpOptions = true,
            header = "Cancel an evaluation; it can be resumed",
            footer = {"", "Example:", "  rootstock eval cancel EVALUATION"})
    static final class CancelCommand extends ServiceCommand {
        @Parameters(paramLabel = "EVALUATION", description = "Evaluation ID or name")
        private String evaluation;

        @Override
        protected int run(Clients clients, Console console) {
            Evaluation cancelled = clients.evaluations()
                    .cancelEvaluation(CancelEvaluationRequest.newBuilder()
                            .setName(Names.of("evaluations", evaluation))
                            .build())
                    .getEvaluation();
            console.printJson(cancelled);
            console.print(cancelled.getName() + " is " + Labels.of(cancelled.getState()));
            return 0;
        }
    }

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

    /** {@code rootstock eval delete}. */
    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            header = "Delete an evaluation that has ended, with its events and rows",
            description = "Cancel an evaluation that has not ended first. `rootstock prune` frees the rows.",
            footer = {"", "Example:", "  rootstock eval delete EVALUATION"})
    static final class DeleteCommand extends DeletionCommand {
        @Parameters(paramLabel = "EVALUATION", description = "Evaluation ID or name")
        private String evaluation;

        @Override
        protected int run(Clients clients, Console console) {
            String name = Names.of("evaluations", evaluation);
            return delete(console, name, "delete " + name + " with its events and rows?", () -> {
                DeleteEvaluationResponse _ = clients.evaluations()
                        .deleteEvaluation(DeleteEvaluationRequest.newBuilder()
                                .setName(name)
                                .build());
            });
        }
    }

    /** {@code rootstock eval resume}. */
    @Command(
            name = "resume",
            mixinStandardHelpOptions = true,
            header = "Queue a cancelled or failed evaluation again",
            description = "An evaluator that has scored rows of it continues after them.",
            footer = {"", "Example:", "  rootstock eval resume EVALUATION"})
    static final class ResumeCommand extends ServiceCommand {
        @Parameters(paramLabel = "EVALUATION", description = "Evaluation ID or name")
        private String evaluation;

        @Override
        protected int run(Clients clients, Console console) {
            Evaluation resumed = clients.evaluations()
                    .resumeEvaluation(ResumeEvaluationRequest.newBuilder()
                            .setName(Names.of("evaluations", evaluation))
                            .build())
                    .getEvaluation();
            console.printJson(resumed);
            console.print(resumed.getName() + " is " + Labels.of(resumed.getState()));
            console.note("hint: rootstock eval watch " + Names.id(resumed.getName()));
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
            EvaluationDetails.of(found).print(console);
            if (found.getResultsCount() > 0) {
                console.print("");
                ResultTable.of(found.getResultsList()).print(console);
                new ContaminationText(found.getResultsList()).print(console);
            }
            return 0;
        }
    }

    /** {@code rootstock eval watch}. */
    @Command(
            name = "watch",
            mixinStandardHelpOptions = true,
            header = "Watch an evaluation",
            description =
                    "Replays past events and prints new ones until the evaluation ends, then its results. Exits with"
                            + " code 1 if it did not succeed.",
            footer = {"", "Example:", "  rootstock eval watch EVALUATION --json > events.jsonl"})
    static final class WatchCommand extends ServiceCommand {
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
}
