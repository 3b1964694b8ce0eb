package io.rootstock.cli.command.identity;

import io.rootstock.cli.error.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A file for the secret of a new access token, readable by its owner only. It is created before the token, so that no
 * token is created whose secret cannot be stored; {@link #close} removes it unless the secret was written.
 */
final class SecretFile implements AutoCloseable {
    /** Every secret of an access token begins with this. */
    private static final String PREFIX = "rst_";

    private final Path file;
    private final Path partial;

    /**
     * Creates a temporary file beside the file.
     *
     * @param replace whether the file may exist and hold an access token, which {@link #write} replaces
     * @throws CliException if the file exists otherwise, or cannot be created
     */
    SecretFile(Path file, boolean replace) {
        this.file = file.toAbsolutePath();
        if (Files.exists(file) && !(replace && holdsToken(file))) {
            throw new CliException(
                    "--output-file: " + file + " already exists" + (replace ? " and holds no access token" : ""),
                    "name a new file");
        }
        try {
            partial = Files.createTempFile(
                    this.file.getParent(),
                    ".token",
                    "",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (IOException failure) {
            throw unwritable(failure);
        }
    }

    void write(String secret) {
        try {
            Files.writeString(partial, secret + "\n", StandardOpenOption.DSYNC);
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw unwritable(failure);
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(partial);
        } catch (IOException failure) {
            throw unwritable(failure);
        }
    }

    private static boolean holdsToken(Path file) {
        try {
            return Files.size(file) < 1024 && Files.readString(file).startsWith(PREFIX);
        } catch (IOException unreadable) {
            return false;
        }
    }

    private CliException unwritable(IOException failure) {
        return new CliException(
                "--output-file: cannot write " + file + ": "
                        + (failure instanceof NoSuchFileException ? "the directory does not exist" : failure),
                "name a file in a directory that you can write to");
    }
}
