package io.rootstock.cli.command.evaluation;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Labels;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.ResumeEvaluationRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock eval resume}. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        header = "Queue a cancelled or failed evaluation again",
        description = "An evaluator that has scored rows of it continues after them.",
        footer = {"", "Example:", "  rootstock eval resume EVALUATION"})
final class EvalResumeCommand extends ServiceCommand {
    @Parameters(paramLabel = "EVALUATION", description = "Evaluation ID or name")
    private String evaluation;

    @Override
    protected int run(Clients clients, Console console) {
        Evaluation resumed = clients.evaluations()
                .resumeEvaluation(ResumeEvaluationRequest.newBuilder()
                        .setName(Names.of("evaluations", evaluation))
                        .build())
                .getEvaluation();
        console.printJson(resumed);
        console.print(resumed.getName() + " is " + Labels.of(resumed.getState()));
        console.note("hint: rootstock eval watch " + Names.id(resumed.getName()));
        return 0;
    }
}
