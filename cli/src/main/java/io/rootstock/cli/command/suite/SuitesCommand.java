package io.rootstock.cli.command.suite;

import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.Subcommands;
import picocli.CommandLine.Command;

/** {@code rootstock suites}: groups its commands. */
@Command(
        name = "suites",
        mixinStandardHelpOptions = true,
        header = "Create, list, export and delete suites of evaluation tasks",
        footer = {"", "Example:", "  rootstock suites create base --built-in base --data ./data"})
@Subcommands({
    SuitesCreateCommand.class,
    SuitesListCommand.class,
    SuitesShowCommand.class,
    SuitesRevisionsCommand.class,
    SuitesExportCommand.class,
    SuitesDeleteCommand.class
})
public final class SuitesCommand extends GroupCommand {}
