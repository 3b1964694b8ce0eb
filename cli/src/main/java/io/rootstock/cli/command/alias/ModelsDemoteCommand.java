package io.rootstock.cli.command.alias;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.DeletionCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.registry.v1.DeleteAliasRequest;
import io.rootstock.registry.v1.DeleteAliasResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock models demote}. */
@Command(
        name = "demote",
        mixinStandardHelpOptions = true,
        header = "Delete an alias",
        description = "The inference service stops serving the model of the alias `production`; the versions stay.",
        footer = {"", "Example:", "  rootstock models demote javadoc --reason \"replaced by javadoc2\""})
public final class ModelsDemoteCommand extends DeletionCommand {
    @Parameters(paramLabel = "MODEL", description = "Model name")
    private String model;

    @Option(
            names = "--alias",
            paramLabel = "ALIAS",
            defaultValue = "production",
            description = "Alias name [default: ${DEFAULT-VALUE}]")
    private String alias;

    @Override
    protected int run(Clients clients, Console console) {
        String name = Names.alias(model, alias);
        return delete(console, name, "delete " + name + "?", () -> {
            DeleteAliasResponse _ = clients.models()
                    .deleteAlias(DeleteAliasRequest.newBuilder()
                            .setName(name)
                            .setReason(reason())
                            .build());
        });
    }
}
