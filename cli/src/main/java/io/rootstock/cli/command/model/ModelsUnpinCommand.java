package io.rootstock.cli.command.model;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock models unpin}. */
@Command(
        name = "unpin",
        mixinStandardHelpOptions = true,
        header = "Permit the deletion of a version",
        description = "Ends `models pin`.",
        footer = {"", "Example:", "  rootstock models unpin javadoc:2"})
final class ModelsUnpinCommand extends ServiceCommand {
    @Parameters(paramLabel = "MODEL:NUMBER", description = "Version to change")
    private String version;

    @Override
    protected int run(Clients clients, Console console) {
        return Versions.update(clients, console, version, change -> change.setPinned(false));
    }
}
