package io.rootstock.cli.command.identity;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.DeleteCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.registry.v1.DeletePrincipalRequest;
import io.rootstock.registry.v1.DeletePrincipalResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rootstock users delete}. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        header = "Delete a user, service account or group",
        description = "Its access tokens become invalid; what it created stays.",
        footer = {"", "Example:", "  rootstock users delete alice"})
final class UsersDeleteCommand extends DeleteCommand {
    @Mixin
    private PrincipalArgument principal;

    @Override
    protected int run(Clients clients, Console console) {
        String name = principal.name();
        return delete(console, name, "delete " + name + " with its access tokens?", () -> {
            DeletePrincipalResponse _ = clients.identity()
                    .deletePrincipal(
                            DeletePrincipalRequest.newBuilder().setName(name).build());
        });
    }
}
