package io.rootstock.cli.command.model;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.LineageTree;
import io.rootstock.registry.v1.GetLineageRequest;
import io.rootstock.registry.v1.GetLineageResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock models lineage}. */
@Command(
        name = "lineage",
        mixinStandardHelpOptions = true,
        header = "Show the ancestors and descendants of a version",
        footer = {"", "Example:", "  rootstock models lineage javadoc@production"})
final class ModelsLineageCommand extends ServiceCommand {
    @Parameters(paramLabel = "VERSION", description = "Version: MODEL (latest version), MODEL@ALIAS or MODEL:NUMBER")
    private String version;

    @Override
    protected int run(Clients clients, Console console) {
        GetLineageResponse lineage = clients.models()
                .getLineage(GetLineageRequest.newBuilder()
                        .setName(Names.version(version, "latest"))
                        .build());
        console.printJson(lineage.getRoot());
        LineageTree.lines(lineage.getRoot()).forEach(console::print);
        if (lineage.getTruncated()) {
            console.note("the tree has more versions than are shown");
        }
        return 0;
    }
}
