package io.rootstock.cli.command.gate;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.DeleteCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.evaluation.v1.DeleteGateRequest;
import io.rootstock.evaluation.v1.DeleteGateResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock gates delete}. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        header = "Delete a gate",
        footer = {"", "Example:", "  rootstock gates delete support quality"})
final class GatesDeleteCommand extends DeleteCommand {
    @Parameters(index = "0", paramLabel = "MODEL", description = "Model of the alias")
    private String model;

    @Parameters(index = "1", paramLabel = "GATE", description = "Name of the gate")
    private String gate;

    @Option(
            names = "--alias",
            paramLabel = "ALIAS",
            defaultValue = "production",
            description = "Alias name [default: ${DEFAULT-VALUE}]")
    private String alias;

    @Override
    protected int run(Clients clients, Console console) {
        String name = Names.gate(model, alias, gate);
        return delete(console, name, "delete " + name + "?", () -> {
            DeleteGateResponse _ = clients.gates()
                    .deleteGate(DeleteGateRequest.newBuilder().setName(name).build());
        });
    }
}
