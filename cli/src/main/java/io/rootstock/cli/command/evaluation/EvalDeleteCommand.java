package io.rootstock.cli.command.evaluation;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.DeleteCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.evaluation.v1.DeleteEvaluationRequest;
import io.rootstock.evaluation.v1.DeleteEvaluationResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock eval delete}. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        header = "Delete an evaluation that has ended, with its events and rows",
        description = "Cancel an evaluation that has not ended first. `rootstock prune` frees the rows.",
        footer = {"", "Example:", "  rootstock eval delete EVALUATION"})
final class EvalDeleteCommand extends DeleteCommand {
    @Parameters(paramLabel = "EVALUATION", description = "Evaluation ID or name")
    private String evaluation;

    @Override
    protected int run(Clients clients, Console console) {
        String name = Names.of("evaluations", evaluation);
        return delete(console, name, "delete " + name + " with its events and rows?", () -> {
            DeleteEvaluationResponse _ = clients.evaluations()
                    .deleteEvaluation(
                            DeleteEvaluationRequest.newBuilder().setName(name).build());
        });
    }
}
