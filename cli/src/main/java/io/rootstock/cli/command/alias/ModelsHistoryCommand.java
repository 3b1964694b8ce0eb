package io.rootstock.cli.command.alias;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ListOptions;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.registry.v1.AliasMove;
import io.rootstock.registry.v1.ListAliasHistoryRequest;
import io.rootstock.registry.v1.ListAliasHistoryResponse;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock models history}. */
@Command(
        name = "history",
        mixinStandardHelpOptions = true,
        header = "List the history of an alias, newest first",
        footer = {"", "Example:", "  rootstock models history javadoc"})
public final class ModelsHistoryCommand extends ServiceCommand {
    @Parameters(paramLabel = "MODEL", description = "Model name")
    private String model;

    @Option(
            names = "--alias",
            paramLabel = "ALIAS",
            defaultValue = "production",
            description = "Alias name [default: ${DEFAULT-VALUE}]")
    private String alias;

    @Mixin
    private ListOptions list;

    @Override
    protected int run(Clients clients, Console console) {
        List<AliasMove> moves = list.read(
                console,
                (size, token) -> clients.models()
                        .listAliasHistory(ListAliasHistoryRequest.newBuilder()
                                .setName(Names.alias(model, alias))
                                .setPageSize(size)
                                .setPageToken(token)
                                .setFilter(list.filter())
                                .setOrderBy(list.orderBy())
                                .build()),
                ListAliasHistoryResponse::getMovesList,
                ListAliasHistoryResponse::getNextPageToken);
        Table table = new Table("sequence", "time", "from", "to", "canary", "reason");
        for (AliasMove move : moves) {
            console.printJson(move);
            table.row(
                    move.getSequence(),
                    Format.time(move.getTime()),
                    move.getFromVersion().isEmpty() ? "-" : Names.brief(move.getFromVersion()),
                    move.getToVersion().isEmpty() ? "(deleted)" : Names.brief(move.getToVersion()),
                    move.hasCanary() ? Names.brief(move.getCanary()) : "-",
                    move.getReason() + overridden(move));
        }
        table.print(console);
        return 0;
    }

    private static String overridden(AliasMove move) {
        return move.getOverriddenGatesCount() == 0
                ? ""
                : " (" + move.getOverriddenBy() + " overrode "
                        + move.getOverriddenGatesList().stream().map(Names::id).collect(Collectors.joining(", ")) + ")";
    }
}
