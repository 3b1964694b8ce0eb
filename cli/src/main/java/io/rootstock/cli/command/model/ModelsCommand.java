package io.rootstock.cli.command.model;

import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.Subcommands;
import io.rootstock.cli.command.alias.ModelsCanaryCommand;
import io.rootstock.cli.command.alias.ModelsCanaryStatusCommand;
import io.rootstock.cli.command.alias.ModelsDemoteCommand;
import io.rootstock.cli.command.alias.ModelsHistoryCommand;
import io.rootstock.cli.command.alias.ModelsPromoteCommand;
import io.rootstock.cli.command.alias.ModelsRollbackCommand;
import picocli.CommandLine.Command;

/** {@code rootstock models}: groups its commands. */
@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        header = "Manage models, their versions and aliases",
        footer = {"", "Example:", "  rootstock models promote javadoc:2"})
@Subcommands({
    ModelsListCommand.class,
    ModelsShowCommand.class,
    ModelsImportCommand.class,
    ModelsExportCommand.class,
    ModelsVersionsCommand.class,
    ModelsEditCommand.class,
    ModelsPromoteCommand.class,
    ModelsRollbackCommand.class,
    ModelsCanaryCommand.class,
    ModelsCanaryStatusCommand.class,
    ModelsDemoteCommand.class,
    ModelsLineageCommand.class,
    ModelsHistoryCommand.class,
    ModelsDeleteCommand.class,
    ModelsArchiveCommand.class,
    ModelsUnarchiveCommand.class,
    ModelsPinCommand.class,
    ModelsUnpinCommand.class,
    ModelsQuantizeCommand.class
})
public final class ModelsCommand extends GroupCommand {}
