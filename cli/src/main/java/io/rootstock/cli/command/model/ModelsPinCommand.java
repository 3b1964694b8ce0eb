package io.rootstock.cli.command.model;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock models pin}. */
@Command(
        name = "pin",
        mixinStandardHelpOptions = true,
        header = "Protect a version from deletion",
        description = "A pinned version cannot be deleted and does not expire.",
        footer = {"", "Example:", "  rootstock models pin javadoc:2"})
final class ModelsPinCommand extends ServiceCommand {
    @Parameters(paramLabel = "MODEL:NUMBER", description = "Version to change")
    private String version;

    @Override
    protected int run(Clients clients, Console console) {
        return Versions.update(clients, console, version, change -> change.setPinned(true));
    }
}
