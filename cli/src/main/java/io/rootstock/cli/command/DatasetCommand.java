package io.rootstock.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code rootstock dataset}: groups its commands. */
@Command(
        name = "dataset",
        mixinStandardHelpOptions = true,
        description = "Prepares datasets: validated, tokenized, split and weighted rows.",
        footer = {"", "Example:", "  rootstock dataset prepare --help"},
        subcommands = {DatasetPrepareCommand.class, DatasetListCommand.class, DatasetShowCommand.class})
final class DatasetCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        return RootCommand.showHelp(spec);
    }
}
