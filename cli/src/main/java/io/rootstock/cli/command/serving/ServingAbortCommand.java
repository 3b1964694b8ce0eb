package io.rootstock.cli.command.serving;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.error.CliException;
import io.rootstock.inference.v1.AbortRequest;
import io.rootstock.inference.v1.AbortResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock serving abort}. */
@Command(
        name = "abort",
        mixinStandardHelpOptions = true,
        header = "Abort a queued or running request by its ID",
        description = "Asks every pod that the name of the endpoint resolves to.",
        footer = {"", "Example:", "  rootstock serving abort nightly-report"})
final class ServingAbortCommand extends ServiceCommand {
    @Parameters(paramLabel = "ID", description = "Request ID (--request-id)")
    private String requestId;

    @Override
    protected int run(Clients clients, Console console) {
        AbortRequest request = AbortRequest.newBuilder().setRequestId(requestId).build();
        int aborted = 0;
        for (AbortResponse response :
                clients.servingPods().call(pod -> pod.abort(request)).values()) {
            console.printJson(response);
            aborted += response.getAborted();
        }
        if (aborted == 0) {
            throw new CliException(
                    "request '" + requestId + "' not found",
                    "the request may have completed; see rootstock serving load");
        }
        console.print("aborted " + Format.counted(aborted, "completion"));
        return 0;
    }
}
