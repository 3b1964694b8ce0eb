package io.rootstock.cli.installation;

import io.rootstock.cli.error.CliException;
import io.rootstock.files.FullDisk;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The data directory of an installation, as the failures name it.
 *
 * @param path the directory
 */
public record DataDirectory(Path path) {
    /** Remedy for a full disk. */
    public static final String FREE_SPACE =
            "free disk space (rootstock prune removes what no model and no job uses), or choose another data directory"
                    + " with --home";

    /** The failure of a write in the directory, with what to do. */
    public CliException failure(IOException cause) {
        return new CliException(
                known(cause).orElseGet(() -> "cannot write to the data directory " + path + ": " + cause.getMessage()),
                remedy(cause));
    }

    /**
     * The failure of an action in the directory.
     *
     * @param action what failed, such as {@code cannot record the registry service}
     */
    CliException failure(String action, IOException cause) {
        return new CliException(action + ": " + known(cause).orElse(cause.getMessage()), remedy(cause));
    }

    /** By the operating system's error messages: Java has no exceptions for most of them. */
    private Optional<String> known(IOException cause) {
        if (isReadOnly(cause)) {
            return Optional.of("the data directory " + path + " is read-only");
        }
        if (FullDisk.isCauseOf(cause)) {
            return Optional.of("the disk of the data directory " + path + " is full");
        }
        return isDenied(cause)
                ? Optional.of("this user may not write to the data directory " + path)
                : Optional.empty();
    }

    private String remedy(IOException cause) {
        if (FullDisk.isCauseOf(cause)) {
            return FREE_SPACE;
        }
        String first = "check that " + path + " is writable";
        if (isReadOnly(cause)) {
            first = "mount its file system for writing";
        } else if (isDenied(cause)) {
            first = "make it writable for this user";
        }
        return first + ", or choose another data directory with --home";
    }

    private static boolean isReadOnly(IOException cause) {
        return String.valueOf(cause.getMessage()).contains("Read-only file system");
    }

    private static boolean isDenied(IOException cause) {
        return cause instanceof AccessDeniedException
                || String.valueOf(cause.getMessage()).contains("Permission denied");
    }
}
