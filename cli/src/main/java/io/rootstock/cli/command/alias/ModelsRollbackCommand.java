package io.rootstock.cli.command.alias;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.RollbackAliasRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock models rollback}. */
@Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        header = "Point an alias back at its previous version",
        footer = {"", "Example:", "  rootstock models rollback javadoc --reason \"worse answers\""})
public final class ModelsRollbackCommand extends ServiceCommand {
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
        Alias moved = clients.models()
                .rollbackAlias(RollbackAliasRequest.newBuilder()
                        .setName(Names.alias(model, alias))
                        .setReason(reason())
                        .build())
                .getAlias();
        console.printJson(moved);
        console.print(moved.getName() + " → " + Names.brief(moved.getVersion()));
        return 0;
    }
}
