package io.rootstock.cli.command.serving;

import io.rootstock.cli.command.GroupCommand;
import picocli.CommandLine.Command;

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
public final class ServingCommand extends GroupCommand {}
