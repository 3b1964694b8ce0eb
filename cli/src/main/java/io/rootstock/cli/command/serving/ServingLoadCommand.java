package io.rootstock.cli.command.serving;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.inference.v1.GetLoadRequest;
import io.rootstock.inference.v1.GetLoadResponse;
import picocli.CommandLine.Command;

/** {@code rootstock serving load}. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        header = "Show the load of the inference service, one row per loaded model",
        footer = {"", "Example:", "  rootstock serving load"})
final class ServingLoadCommand extends ServiceCommand {
    @Override
    protected int run(Clients clients, Console console) {
        GetLoadResponse load = clients.serving().getLoad(GetLoadRequest.getDefaultInstance());
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
        return 0;
    }
}
