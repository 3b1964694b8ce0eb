package io.rootstock.cli.command.identity;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.command.Subcommands;
import io.rootstock.cli.display.Console;
import io.rootstock.registry.v1.RevokeAccessTokenRequest;
import io.rootstock.registry.v1.RevokeAccessTokenResponse;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock access-tokens}: groups its commands. */
@Command(
        name = "access-tokens",
        mixinStandardHelpOptions = true,
        header = "Create, rotate and revoke access tokens",
        footer = {"", "Example:", "  rootstock access-tokens create --for alice --output-file alice.token"})
@Subcommands({
    AccessTokensCreateCommand.class,
    AccessTokensListCommand.class,
    AccessTokensRotateCommand.class,
    AccessTokensCommand.RevokeCommand.class
})
public final class AccessTokensCommand extends GroupCommand {
    /** {@code rootstock access-tokens revoke}. */
    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            header = "Revoke an access token",
            description = "All services refuse it within 30 seconds.",
            footer = {"", "Example:", "  rootstock access-tokens revoke ID --reason \"laptop lost\""})
    static final class RevokeCommand extends ServiceCommand {
        @Parameters(paramLabel = "ID", description = "ID or name of the access token")
        private String token;

        @Override
        protected int run(Clients clients, Console console) {
            String name = Names.of("accessTokens", token);
            RevokeAccessTokenResponse _ = clients.identity()
                    .revokeAccessToken(
                            RevokeAccessTokenRequest.newBuilder().setName(name).build());
            console.printJson(Map.of("revoked", name));
            console.print("revoked " + name);
            return 0;
        }
    }
}
