package io.rootstock.cli.command.identity;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.ListOptions;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.registry.v1.ListPrincipalsRequest;
import io.rootstock.registry.v1.ListPrincipalsResponse;
import io.rootstock.registry.v1.Principal;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rootstock users list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        header = "List users, service accounts and groups by name",
        footer = {"", "Example:", "  rootstock users list"})
final class UsersListCommand extends ServiceCommand {
    @Mixin
    private ListOptions list;

    @Override
    protected int run(Clients clients, Console console) {
        List<Principal> principals = list.read(
                console,
                (size, token) -> clients.identity()
                        .listPrincipals(ListPrincipalsRequest.newBuilder()
                                .setPageSize(size)
                                .setPageToken(token)
                                .build()),
                ListPrincipalsResponse::getPrincipalsList,
                ListPrincipalsResponse::getNextPageToken);
        Table table = new Table("name", "grants", "created", "description");
        for (Principal principal : principals) {
            console.printJson(principal);
            table.row(
                    principal.getName(),
                    GrantText.of(principal.getGrantsList(), ", "),
                    Format.time(principal.getCreateTime()),
                    principal.getDescription());
        }
        table.print(console);
        return 0;
    }
}
