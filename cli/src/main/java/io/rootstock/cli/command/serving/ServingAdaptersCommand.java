package io.rootstock.cli.command.serving;

import io.rootstock.cli.command.GroupCommand;
import picocli.CommandLine.Command;

/** {@code rootstock serving adapters}: groups its commands. */
@Command(
        name = "adapters",
        mixinStandardHelpOptions = true,
        description = "Low-rank adapters of a served version; another version starts without.",
        footer = {"", "Example:", "  rootstock serving adapters list javadoc"},
        subcommands = {
            ServingAdaptersLoadCommand.class,
            ServingAdaptersUnloadCommand.class,
            ServingAdaptersListCommand.class
        })
final class ServingAdaptersCommand extends GroupCommand {}
