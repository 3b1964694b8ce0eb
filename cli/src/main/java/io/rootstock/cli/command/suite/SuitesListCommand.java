package io.rootstock.cli.command.suite;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.ListOptions;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.evaluation.v1.ListSuitesRequest;
import io.rootstock.evaluation.v1.ListSuitesResponse;
import io.rootstock.evaluation.v1.SuiteRevision;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rootstock suites list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        header = "List suites with their newest revision, by name",
        footer = {
            "",
            "Examples:",
            "  rootstock suites list",
            "  rootstock suites list --filter 'name = \"suites/base*\"' --order-by 'create_time desc'"
        })
final class SuitesListCommand extends ServiceCommand {
    @Mixin
    private ListOptions list;

    @Override
    protected int run(Clients clients, Console console) {
        List<SuiteRevision> revisions = list.read(
                console,
                (size, token) -> clients.suites()
                        .listSuites(ListSuitesRequest.newBuilder()
                                .setPageSize(size)
                                .setPageToken(token)
                                .setFilter(list.filter())
                                .setOrderBy(list.orderBy())
                                .build()),
                ListSuitesResponse::getRevisionsList,
                ListSuitesResponse::getNextPageToken);
        Table table = new Table("suite", "revision", "tasks", "description", "created");
        for (SuiteRevision revision : revisions) {
            console.printJson(revision);
            RevisionText text = RevisionText.of(revision);
            table.row(
                    text.suite(),
                    text.number(),
                    revision.getTasksCount(),
                    revision.getDescription(),
                    Format.time(revision.getCreateTime()));
        }
        table.print(console);
        return 0;
    }
}
