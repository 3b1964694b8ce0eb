package io.rootstock.cli.command.model;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock models archive}. */
@Command(
        name = "archive",
        mixinStandardHelpOptions = true,
        header = "Archive a version",
        description =
                "An archived version is not listed by default, is not the latest version and cannot be promoted; its artifacts are kept.",
        footer = {"", "Example:", "  rootstock models archive javadoc:2"})
final class ModelsArchiveCommand extends ServiceCommand {
    @Parameters(paramLabel = "MODEL:NUMBER", description = "Version to change")
    private String version;

    @Override
    protected int run(Clients clients, Console console) {
        return Versions.update(clients, console, version, change -> change.setArchived(true));
    }
}
