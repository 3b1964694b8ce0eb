package io.rootstock.cli.command.data;

import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.Subcommands;
import picocli.CommandLine.Command;

/** {@code rootstock data}: groups its commands. */
@Command(
        name = "data",
        mixinStandardHelpOptions = true,
        header = "Clean raw files to a corpus by a recipe",
        footer = {
            "",
            "Examples:",
            "  rootstock data plan recipe.yaml",
            "  rootstock data run recipe.yaml",
            "  rootstock data report CORPUS"
        })
@Subcommands({
    DataPlanCommand.class,
    DataRunCommand.class,
    DataStatusCommand.class,
    DataWatchCommand.class,
    DataReportCommand.class,
    DataListCommand.class,
    DataCancelCommand.class,
    DataResumeCommand.class,
    DataDeleteCommand.class,
    DataPresetCommand.class
})
public final class DataCommand extends GroupCommand {}
