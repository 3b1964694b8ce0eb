package io.rootstock.cli.command.suite;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.DeleteCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.evaluation.v1.DeleteSuiteRequest;
import io.rootstock.evaluation.v1.DeleteSuiteResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock suites delete}. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        header = "Delete a suite with its revisions",
        description = "Fails while an evaluation uses it. `rootstock prune` frees its files.",
        footer = {"", "Example:", "  rootstock suites delete mine"})
final class SuitesDeleteCommand extends DeleteCommand {
    @Parameters(paramLabel = "SUITE", description = "Suite name")
    private String suite;

    @Override
    protected int run(Clients clients, Console console) {
        String name = Names.of("suites", suite);
        return delete(console, name, "delete " + name + " with its revisions?", () -> {
            DeleteSuiteResponse _ = clients.suites()
                    .deleteSuite(DeleteSuiteRequest.newBuilder().setName(name).build());
        });
    }
}
