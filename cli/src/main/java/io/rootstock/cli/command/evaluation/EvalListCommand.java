package io.rootstock.cli.command.evaluation;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ListOptions;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Labels;
import io.rootstock.cli.display.Table;
import io.rootstock.cli.evaluation.EvaluationDetails;
import io.rootstock.cli.evaluation.ProgressText;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.ListEvaluationsRequest;
import io.rootstock.evaluation.v1.ListEvaluationsResponse;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rootstock eval list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        header = "List evaluations, newest first",
        footer = {"", "Example:", "  rootstock eval list --filter 'state = RUNNING' --limit 10"})
final class EvalListCommand extends ServiceCommand {
    @Mixin
    private ListOptions list;

    @Override
    protected int run(Clients clients, Console console) {
        List<Evaluation> evaluations = list.read(
                console,
                (size, token) -> clients.evaluations()
                        .listEvaluations(ListEvaluationsRequest.newBuilder()
                                .setPageSize(size)
                                .setPageToken(token)
                                .setFilter(list.filter())
                                .setOrderBy(list.orderBy())
                                .build()),
                ListEvaluationsResponse::getEvaluationsList,
                ListEvaluationsResponse::getNextPageToken);
        Table table = new Table("evaluation", "version", "suite", "state", "progress", "created");
        for (Evaluation evaluation : evaluations) {
            console.printJson(evaluation);
            table.row(
                    Names.id(evaluation.getName()),
                    Names.brief(evaluation.getResolved().getVersion()),
                    EvaluationDetails.suite(evaluation),
                    Labels.of(evaluation.getState()),
                    ProgressText.percent(evaluation.getProgress()),
                    Format.time(evaluation.getCreateTime()));
        }
        table.print(console);
        return 0;
    }
}
