package io.rootstock.cli.command.identity;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.registry.v1.GetPrincipalRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rootstock users show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        header = "Show the roles of a user, service account or group",
        footer = {"", "Example:", "  rootstock users show alice"})
final class UsersShowCommand extends ServiceCommand {
    @Mixin
    private PrincipalArgument principal;

    @Override
    protected int run(Clients clients, Console console) {
        PrincipalText.print(
                clients.identity()
                        .getPrincipal(GetPrincipalRequest.newBuilder()
                                .setName(principal.name())
                                .build())
                        .getPrincipal(),
                console);
        return 0;
    }
}
