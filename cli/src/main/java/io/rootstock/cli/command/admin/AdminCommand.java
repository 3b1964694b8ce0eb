package io.rootstock.cli.command.admin;

import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.Subcommands;
import picocli.CommandLine.Command;

/** {@code rootstock admin}: groups its commands. */
@Command(
        name = "admin",
        mixinStandardHelpOptions = true,
        header = "Back up, restore and verify the installation",
        footer = {"", "Example:", "  rootstock admin backup --to /mnt/backup"})
@Subcommands({
    AdminBackupCommand.class,
    AdminBackupsCommand.class,
    AdminDeleteBackupCommand.class,
    AdminVerifyCommand.class,
    AdminRestoreCommand.class
})
public final class AdminCommand extends GroupCommand {}
