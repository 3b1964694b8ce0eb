package io.rootstock.cli.command.serving;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.client.ServingPods;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.inference.v1.Adapter;
import io.rootstock.inference.v1.ListAdaptersRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock serving adapters list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        header = "List the loaded adapters of a model",
        footer = {"", "Example:", "  rootstock serving adapters list javadoc"})
final class ServingAdaptersListCommand extends ServiceCommand {
    @Parameters(paramLabel = "MODEL", description = "Name of a served generative model")
    private String model;

    @Override
    protected int run(Clients clients, Console console) {
        ListAdaptersRequest request = ListAdaptersRequest.newBuilder()
                .setModel(Names.of("models", model))
                .build();
        ServingPods pods = clients.servingPods();
        pods.call(pod -> pod.listAdapters(request)).forEach((address, response) -> {
            if (pods.areSeveral()) {
                console.print("pod " + address);
            }
            show(response.getAdaptersList(), console);
        });
        return 0;
    }

    private static void show(List<Adapter> adapters, Console console) {
        Table table = new Table("name", "version", "digest", "pinned", "active requests");
        adapters.forEach(adapter -> {
            console.printJson(adapter);
            table.row(
                    adapter.getName(),
                    Names.brief(adapter.getVersion()),
                    Format.digest(adapter.getDigest()),
                    adapter.getPinned() ? "yes" : "no",
                    adapter.getActiveRequests());
        });
        table.print(console);
    }
}
