package io.rootstock.cli.command.serving;

import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.Subcommands;
import picocli.CommandLine.Command;

/** {@code rootstock serving adapters}: groups its commands. */
@Command(
        name = "adapters",
        mixinStandardHelpOptions = true,
        header = "Load, unload and list LoRA adapters of a served model",
        description = "Adapters belong to one version: after a promotion they must be loaded again.",
        footer = {"", "Example:", "  rootstock serving adapters list javadoc"})
@Subcommands({ServingAdaptersLoadCommand.class, ServingAdaptersUnloadCommand.class, ServingAdaptersListCommand.class})
final class ServingAdaptersCommand extends GroupCommand {}
