package io.rootstock.cli.command.serving;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.inference.v1.DrainRequest;
import io.rootstock.inference.v1.DrainResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rootstock serving drain}. */
@Command(
        name = "drain",
        mixinStandardHelpOptions = true,
        header = "Drain the inference service",
        description = "Rejects new requests and waits for running ones. A drained service accepts requests"
                + " only after a restart.",
        footer = {"", "Example:", "  rootstock serving drain --seconds 60"})
final class ServingDrainCommand extends ServiceCommand {
    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "0",
            description = "Timeout in seconds, after which running requests are aborted [default: drain timeout of"
                    + " the service]")
    private int seconds;

    @Override
    protected int run(Clients clients, Console console) {
        DrainResponse response = clients.serving()
                .drain(DrainRequest.newBuilder().setSeconds(seconds).build());
        console.printJson(response);
        console.print(
                response.getUnfinished() == 0
                        ? "drained"
                        : "drained; " + response.getUnfinished() + " requests aborted after the timeout");
        return 0;
    }
}
