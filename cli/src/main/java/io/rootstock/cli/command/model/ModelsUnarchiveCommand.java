package io.rootstock.cli.command.model;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock models unarchive}. */
@Command(
        name = "unarchive",
        mixinStandardHelpOptions = true,
        header = "List a version again and permit its promotion",
        description = "Ends `models archive`.",
        footer = {"", "Example:", "  rootstock models unarchive javadoc:2"})
final class ModelsUnarchiveCommand extends ServiceCommand {
    @Parameters(paramLabel = "MODEL:NUMBER", description = "Version to change")
    private String version;

    @Override
    protected int run(Clients clients, Console console) {
        return Versions.update(clients, console, version, change -> change.setArchived(false));
    }
}
