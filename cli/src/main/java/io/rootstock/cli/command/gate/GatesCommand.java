package io.rootstock.cli.command.gate;

import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.Subcommands;
import picocli.CommandLine.Command;

/** {@code rootstock gates}: groups its commands. */
@Command(
        name = "gates",
        mixinStandardHelpOptions = true,
        header = "Rules that a version must pass before it is promoted",
        description = "A gate belongs to an alias, such as production, and reads the newest evaluation of the version"
                + " (rootstock eval run) on the gate's suite, limit and shots. rootstock models promote is refused while a gate"
                + " fails, unless it has --override-gates and a reason; rootstock models rollback is never refused.",
        footer = {
            "",
            "Examples:",
            "  rootstock gates set support quality --suite base --task boolq --bound 0.6",
            "  rootstock gates set support no-loss --suite base --task lambada --not-worse-by 0.02",
            "  rootstock gates check support:4"
        })
@Subcommands({GatesSetCommand.class, GatesListCommand.class, GatesCheckCommand.class, GatesDeleteCommand.class})
public final class GatesCommand extends GroupCommand {}
