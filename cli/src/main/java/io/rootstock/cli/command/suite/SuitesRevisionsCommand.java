package io.rootstock.cli.command.suite;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ListOptions;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.evaluation.v1.ListSuiteRevisionsRequest;
import io.rootstock.evaluation.v1.ListSuiteRevisionsResponse;
import io.rootstock.evaluation.v1.SuiteRevision;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rootstock suites revisions}. */
@Command(
        name = "revisions",
        mixinStandardHelpOptions = true,
        header = "List the revisions of a suite, newest first",
        footer = {"", "Example:", "  rootstock suites revisions base"})
final class SuitesRevisionsCommand extends ServiceCommand {
    @Parameters(paramLabel = "SUITE", description = "Suite name")
    private String suite;

    @Mixin
    private ListOptions list;

    @Override
    protected int run(Clients clients, Console console) {
        List<SuiteRevision> revisions = list.read(
                console,
                (size, token) -> clients.suites()
                        .listSuiteRevisions(ListSuiteRevisionsRequest.newBuilder()
                                .setSuite(Names.of("suites", suite))
                                .setPageSize(size)
                                .setPageToken(token)
                                .setFilter(list.filter())
                                .setOrderBy(list.orderBy())
                                .build()),
                ListSuiteRevisionsResponse::getRevisionsList,
                ListSuiteRevisionsResponse::getNextPageToken);
        Table table = new Table("revision", "tasks", "description", "created");
        for (SuiteRevision revision : revisions) {
            console.printJson(revision);
            table.row(
                    RevisionText.of(revision).number(),
                    revision.getTasksCount(),
                    revision.getDescription(),
                    Format.time(revision.getCreateTime()));
        }
        table.print(console);
        return 0;
    }
}
