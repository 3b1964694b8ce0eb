package io.rootstock.cli.command.identity;

import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.Subcommands;
import picocli.CommandLine.Command;

/** {@code rootstock audit}: groups its commands. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        header = "Show who changed what",
        footer = {"", "Example:", "  rootstock audit list --resource models/support --since 24h"})
@Subcommands(AuditListCommand.class)
public final class AuditCommand extends GroupCommand {}
