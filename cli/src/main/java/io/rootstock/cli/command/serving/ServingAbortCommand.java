package io.rootstock.cli.command.serving;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.error.CliException;
import io.rootstock.inference.v1.AbortRequest;
import io.rootstock.inference.v1.AbortResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock serving abort}. */
@Command(
        name = "abort",
        mixinStandardHelpOptions = true,
        description = "Ends a request by its id, whether it waits, reads its prompt or generates.",
        footer = {"", "Example:", "  rootstock serving abort nightly-report"})
final class ServingAbortCommand extends ServiceCommand {
    @Parameters(paramLabel = "ID", description = "The request's id (--request-id).")
    private String requestId;

    @Override
    protected int run(Clients clients, Console console) {
        AbortResponse answer = clients.serving()
                .abort(AbortRequest.newBuilder().setRequestId(requestId).build());
        console.printJson(answer);
        if (answer.getAborted() == 0) {
            throw new CliException("no request " + requestId + " is waiting or running", "it may have ended by itself");
        }
        console.print("aborted " + answer.getAborted() + (answer.getAborted() == 1 ? " text" : " texts"));
        return 0;
    }
}
