package io.rootstock.cli.command.identity;

import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.Subcommands;
import picocli.CommandLine.Command;

/** {@code rootstock users}: groups its commands. */
@Command(
        name = "users",
        mixinStandardHelpOptions = true,
        header = "Manage users, service accounts, groups and their roles",
        footer = {"", "Example:", "  rootstock users create alice --grant trainer:models/support-"})
@Subcommands({
    UsersCreateCommand.class,
    UsersListCommand.class,
    UsersShowCommand.class,
    UsersGrantCommand.class,
    UsersRevokeCommand.class,
    UsersDeleteCommand.class
})
public final class UsersCommand extends GroupCommand {}
