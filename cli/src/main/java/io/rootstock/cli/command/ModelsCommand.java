package io.rootstock.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code rootstock models}: groups its commands. */
@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        description = "Models, their immutable versions, and the aliases that point to them.",
        footer = {"", "Example:", "  rootstock models promote javadoc:2"},
        subcommands = {
            ModelsListCommand.class,
            ModelsImportCommand.class,
            ModelsExportCommand.class,
            ModelsVersionsCommand.class,
            ModelsPromoteCommand.class,
            ModelsRollbackCommand.class,
            ModelsCanaryCommand.class,
            ModelsLineageCommand.class,
            ModelsHistoryCommand.class
        })
final class ModelsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        return RootCommand.showHelp(spec);
    }
}
