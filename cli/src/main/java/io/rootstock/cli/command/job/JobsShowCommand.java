package io.rootstock.cli.command.job;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Details;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.JobSettings;
import io.rootstock.cli.display.Labels;
import io.rootstock.cli.evaluation.EvaluationDetails;
import io.rootstock.cli.operation.JobDisplay;
import io.rootstock.job.v1.JobKind;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.Job;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock jobs show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        header = "Show the state, settings and results of a job",
        footer = {"", "Example:", "  rootstock jobs show JOB"})
final class JobsShowCommand extends ServiceCommand {
    @Parameters(paramLabel = "JOB", description = "Job ID or name")
    private String name;

    @Override
    protected int run(Clients clients, Console console) {
        Job job = clients.jobs()
                .getJob(GetJobRequest.newBuilder()
                        .setName(Names.of("jobs", name))
                        .build())
                .getJob();
        console.printJson(job);
        if (job.getKind() == JobKind.JOB_KIND_EVALUATE) {
            EvaluationDetails.print(console, job.getEvaluation());
        } else {
            printTraining(job, console);
        }
        return 0;
    }

    private static void printTraining(Job job, Console console) {
        Details details = new Details()
                .add("job", job.getName())
                .add("state", Labels.of(job.getState()))
                .add("message", job.getMessage())
                .add(
                        "trainer",
                        job.hasTrainerLostTime()
                                ? "has not answered since " + Format.time(job.getTrainerLostTime())
                                        + "; state and progress are of before"
                                : "")
                .add("version", Names.brief(job.getVersion()))
                .add("output model", Names.id(job.getSpec().getOutputModel()))
                .add("owner", job.getOwner())
                .add("team", job.getSpec().getTeam())
                .add("priority", Labels.of(job.getSpec().getPriority()))
                .add("max cost", job.getMaxCostDollars() > 0 ? Format.dollars(job.getMaxCostDollars()) : "")
                .add("created", Format.time(job.getCreateTime()))
                .add("updated", Format.time(job.getUpdateTime()));
        if (job.hasProgress()) {
            details.add(
                    "progress",
                    Format.percent(job.getProgress().getDone()) + ", step "
                            + job.getProgress().getStep() + " of "
                            + job.getProgress().getTotalSteps());
        }
        if (job.getQueuePosition() > 0) {
            details.add("queue", "position " + job.getQueuePosition());
        }
        if (job.hasEstimatedStartTime()) {
            details.add("estimated start", Format.time(job.getEstimatedStartTime()));
        }
        if (job.hasEstimatedEndTime()) {
            details.add("estimated end", Format.time(job.getEstimatedEndTime()));
        }
        JobSettings.of(job).forEach(details::add);
        details.print(console);
        if (job.getEvaluationsCount() > 0) {
            console.print("");
            job.getEvaluationsList().forEach(evaluation -> console.print("  " + JobDisplay.line(evaluation)));
        }
    }
}
