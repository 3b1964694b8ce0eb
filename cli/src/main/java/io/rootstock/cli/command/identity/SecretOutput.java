package io.rootstock.cli.command.identity;

import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.registry.v1.AccessToken;
import io.rootstock.registry.v1.CreateAccessTokenResponse;
import java.nio.file.Path;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** Output of a new access token: to a file, or once to standard output. */
final class SecretOutput {
    @Option(
            names = "--output-file",
            paramLabel = "FILE",
            description = "Write the token to this file, with mode 0600, instead of standard output")
    private Path file;

    /**
     * Creates a token and prints it; a file that cannot be written fails before the creation.
     *
     * @param replace whether the file may hold an older token
     */
    void print(Console console, boolean replace, Supplier<CreateAccessTokenResponse> creation) {
        if (file == null) {
            CreateAccessTokenResponse created = creation.get();
            print(console, created);
            console.print("token   " + created.getSecret());
            return;
        }
        try (SecretFile secret = new SecretFile(file, replace)) {
            CreateAccessTokenResponse created = creation.get();
            secret.write(created.getSecret());
            print(console, created.toBuilder().clearSecret().build());
            console.print("token   in " + file);
        }
    }

    private static void print(Console console, CreateAccessTokenResponse created) {
        console.printJson(created);
        AccessToken token = created.getAccessToken();
        console.print("created " + token.getName() + " of " + token.getPrincipal() + ", valid until "
                + Format.time(token.getExpireTime()));
    }
}
