package io.rootstock.cli.command.model;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.LineageTree;
import io.rootstock.registry.v1.GetLineageRequest;
import io.rootstock.registry.v1.LineageNode;
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
        LineageNode root = clients.models()
                .getLineage(GetLineageRequest.newBuilder()
                        .setName(Names.version(version, "latest"))
                        .build())
                .getRoot();
        console.printJson(root);
        LineageTree.lines(root).forEach(console::print);
        return 0;
    }
}
