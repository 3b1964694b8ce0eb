package io.rootstock.cli.command.quota;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.DeleteCommand;
import io.rootstock.cli.command.identity.PrincipalArgument;
import io.rootstock.cli.display.Console;
import io.rootstock.registry.v1.DeleteQuotaRequest;
import io.rootstock.registry.v1.DeleteQuotaResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rootstock quotas delete}. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        header = "Delete the quota of a user or group",
        description = "It has the weight 1 and no limits then; its usage stays.",
        footer = {"", "Example:", "  rootstock quotas delete alice"})
final class QuotasDeleteCommand extends DeleteCommand {
    @Mixin
    private PrincipalArgument principal;

    @Override
    protected int run(Clients clients, Console console) {
        String name = principal.name();
        return delete(console, name, "delete the quota of " + name + "?", () -> {
            DeleteQuotaResponse _ = clients.quotas()
                    .deleteQuota(
                            DeleteQuotaRequest.newBuilder().setPrincipal(name).build());
        });
    }
}
