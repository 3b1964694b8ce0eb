package io.rootstock.cli.command.serving;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.client.ServingPods;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.inference.v1.GetLoadRequest;
import io.rootstock.inference.v1.GetLoadResponse;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code rootstock serving load}. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        header = "Show the load of the inference service, one row per loaded model",
        description = "Shows every pod that the name of the endpoint resolves to.",
        footer = {"", "Example:", "  rootstock serving load"})
final class ServingLoadCommand extends ServiceCommand {
    @Override
    protected int run(Clients clients, Console console) {
        ServingPods pods = clients.servingPods();
        Map<String, GetLoadResponse> loads = pods.call(pod -> pod.getLoad(GetLoadRequest.getDefaultInstance()));
        loads.forEach((address, load) -> {
            if (pods.areSeveral()) {
                console.print("pod " + address);
            }
            show(load, console);
        });
        return 0;
    }

    private static void show(GetLoadResponse load, Console console) {
        console.printJson(load);
        Table table = new Table(
                "version", "slots", "active", "queued", "queued tokens", "KV cache used", "KV cache", "tokens/s");
        load.getModelsList()
                .forEach(model -> table.row(
                        Names.brief(model.getVersion()),
                        model.getSlots(),
                        model.getActiveRequests(),
                        model.getQueuedRequests(),
                        model.getQueuedTokens(),
                        model.getUsedCells(),
                        model.getCells(),
                        Format.fixed(model.getTokensPerSecond(), 1)));
        table.print(console);
        console.print("  " + Format.bytes(load.getResidentBytes()) + " of memory used"
                + (load.getDraining() ? ", draining" : ""));
    }
}
