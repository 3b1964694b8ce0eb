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
                + " only after a restart. Drains every pod that the name of the endpoint resolves to.",
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
        DrainRequest request = DrainRequest.newBuilder().setSeconds(seconds).build();
        int unfinished = 0;
        for (DrainResponse response :
                clients.servingPods().call(pod -> pod.drain(request)).values()) {
            console.printJson(response);
            unfinished += response.getUnfinished();
        }
        console.print(unfinished == 0 ? "drained" : "drained; " + unfinished + " requests aborted after the timeout");
        return 0;
    }
}
