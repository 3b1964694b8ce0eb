package io.rootstock.cli.command.dataset;

import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.Subcommands;
import picocli.CommandLine.Command;

/** {@code rootstock dataset}: groups its commands. */
@Command(
        name = "dataset",
        mixinStandardHelpOptions = true,
        header = "Prepare and inspect datasets",
        footer = {"", "Example:", "  rootstock dataset prepare --help"})
@Subcommands({
    DatasetPrepareCommand.class,
    DatasetListCommand.class,
    DatasetShowCommand.class,
    DatasetRowsCommand.class,
    DatasetDeleteCommand.class
})
public final class DatasetCommand extends GroupCommand {}
