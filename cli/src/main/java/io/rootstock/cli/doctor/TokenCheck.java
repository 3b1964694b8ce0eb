package io.rootstock.cli.doctor;

import io.rootstock.client.TokenFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The file with the access token: it can be read, and by its owner only. */
record TokenCheck(Optional<Path> file) implements Check {
    private static final String NAME = "token";
    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    @Override
    public List<Finding> run() {
        return List.of(file.map(TokenCheck::of).orElseGet(() -> Finding.ok(NAME, "no token file is set")));
    }

    private static Finding of(Path file) {
        try {
            String _ = new TokenFile(file).current();
            if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
                return Finding.warning(NAME, file + " can be read or written by other users", "run: chmod 600 " + file);
            }
            return Finding.ok(NAME, file.toString());
        } catch (IllegalArgumentException | IOException invalid) {
            return Finding.error(
                    NAME,
                    invalid.getMessage(),
                    "set --token-file or ROOTSTOCK_AUTH_TOKEN_FILE to a file that holds the token");
        }
    }
}
