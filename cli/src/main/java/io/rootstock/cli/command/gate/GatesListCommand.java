package io.rootstock.cli.command.gate;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Table;
import io.rootstock.evaluation.v1.Gate;
import io.rootstock.evaluation.v1.ListGatesRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock gates list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        header = "List the gates of an alias",
        footer = {"", "Example:", "  rootstock gates list support"})
final class GatesListCommand extends ServiceCommand {
    @Parameters(paramLabel = "MODEL", description = "Model of the alias")
    private String model;

    @Option(
            names = "--alias",
            paramLabel = "ALIAS",
            defaultValue = "production",
            description = "Alias name [default: ${DEFAULT-VALUE}]")
    private String alias;

    @Override
    protected int run(Clients clients, Console console) {
        Table table = new Table("gate", "suite", "task", "metric", "rows", "rule");
        for (Gate gate : clients.gates()
                .listGates(ListGatesRequest.newBuilder()
                        .setAlias(Names.alias(model, alias))
                        .build())
                .getGatesList()) {
            console.printJson(gate);
            table.row(
                    Names.id(gate.getName()),
                    gate.getSuiteRevision(),
                    gate.getTask(),
                    gate.getMetric(),
                    GateText.rows(gate),
                    GateText.rule(gate));
        }
        table.print(console);
        return 0;
    }
}
