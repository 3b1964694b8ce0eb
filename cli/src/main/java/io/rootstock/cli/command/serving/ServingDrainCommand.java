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
        description =
                "Lets serving take no new work, and waits for the work in flight. A drained service takes work again"
                        + " only after a restart.",
        footer = {"", "Example:", "  rootstock serving drain --seconds 60"})
final class ServingDrainCommand extends ServiceCommand {
    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "0",
            description = "Longest wait; what has not ended by then is ended. Default: the service's own drain time.")
    private int seconds;

    @Override
    protected int run(Clients clients, Console console) {
        DrainResponse answer = clients.serving()
                .drain(DrainRequest.newBuilder().setSeconds(seconds).build());
        console.printJson(answer);
        console.print(
                answer.getUnfinished() == 0
                        ? "drained"
                        : "drained; " + answer.getUnfinished() + " requests did not finish in time");
        return 0;
    }
}
