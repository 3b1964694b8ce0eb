package io.rootstock.cli.command.evaluation;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Labels;
import io.rootstock.evaluation.v1.CancelEvaluationRequest;
import io.rootstock.evaluation.v1.Evaluation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock eval cancel}. */
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        header = "Cancel an evaluation; it can be resumed",
        footer = {"", "Example:", "  rootstock eval cancel EVALUATION"})
final class EvalCancelCommand extends ServiceCommand {
    @Parameters(paramLabel = "EVALUATION", description = "Evaluation ID or name")
    private String evaluation;

    @Override
    protected int run(Clients clients, Console console) {
        Evaluation cancelled = clients.evaluations()
                .cancelEvaluation(CancelEvaluationRequest.newBuilder()
                        .setName(Names.of("evaluations", evaluation))
                        .build())
                .getEvaluation();
        console.printJson(cancelled);
        console.print(cancelled.getName() + " is " + Labels.of(cancelled.getState()));
        return 0;
    }
}
