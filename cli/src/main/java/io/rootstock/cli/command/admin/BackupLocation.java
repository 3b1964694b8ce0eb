package io.rootstock.cli.command.admin;

import java.nio.file.Path;

/** A location of backups on the command line. */
final class BackupLocation {
    private BackupLocation() {}

    /** Returns an address as it is, and the absolute path of a directory. */
    static String of(String argument) {
        return argument.contains("://")
                ? argument
                : Path.of(argument).toAbsolutePath().normalize().toString();
    }
}
