package io.rootstock.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code rootstock serving}: groups its commands. */
@Command(
        name = "serving",
        mixinStandardHelpOptions = true,
        description = "The serving process: its load, its requests, its adapters, its tokenizers.",
        footer = {"", "Example:", "  rootstock serving load"},
        subcommands = {
            ServingLoadCommand.class,
            ServingAbortCommand.class,
            ServingDrainCommand.class,
            ServingTokenizeCommand.class,
            ServingDetokenizeCommand.class,
            ServingAdaptersCommand.class
        })
final class ServingCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        return RootCommand.showHelp(spec);
    }
}
