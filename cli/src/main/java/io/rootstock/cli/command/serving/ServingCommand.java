package io.rootstock.cli.command.serving;

import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.Subcommands;
import picocli.CommandLine.Command;

/** {@code rootstock serving}: groups its commands. */
@Command(
        name = "serving",
        mixinStandardHelpOptions = true,
        header = "Inspect and control the inference service",
        footer = {"", "Example:", "  rootstock serving load"})
@Subcommands({
    ServingLoadCommand.class,
    ServingAbortCommand.class,
    ServingDrainCommand.class,
    ServingTokenizeCommand.class,
    ServingDetokenizeCommand.class,
    ServingAdaptersCommand.class
})
public final class ServingCommand extends GroupCommand {}
