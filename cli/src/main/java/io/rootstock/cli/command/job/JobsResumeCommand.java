package io.rootstock.cli.command.job;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.MaxCost;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Labels;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.ResumeJobRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock jobs resume}. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        header = "Resume a paused, failed or cancelled job from its last checkpoint",
        description = "An evaluation continues after the rows that its evaluator has scored; the options are for"
                + " training jobs.",
        footer = {
            "",
            "Examples:",
            "  rootstock jobs resume JOB",
            "  rootstock jobs resume JOB --ranks 2",
            "  rootstock jobs resume JOB --max-cost 20"
        })
final class JobsResumeCommand extends ServiceCommand {
    @Parameters(paramLabel = "JOB", description = "Job ID or name")
    private String name;

    @Option(names = "--ranks", paramLabel = "N", description = "Number of data-parallel processes [default: unchanged]")
    private int ranks;

    @Option(
            names = "--restart",
            description = "Train from step 0 if the trainer does not know the job's run, for example after its data"
                    + " directory was lost")
    private boolean restart;

    @Option(
            names = "--max-cost",
            paramLabel = "DOLLARS",
            description = "New cost limit of the whole job [default: unchanged]")
    private double maxCost;

    @Override
    protected int run(Clients clients, Console console) {
        MaxCost.require(maxCost);
        Job job = clients.jobs()
                .resumeJob(ResumeJobRequest.newBuilder()
                        .setName(Names.of("jobs", name))
                        .setRanks(ranks)
                        .setRestart(restart)
                        .setMaxCostDollars(maxCost)
                        .build())
                .getJob();
        console.printJson(job);
        console.print(job.getName() + " is " + Labels.of(job.getState())
                + (job.getState() == JobState.JOB_STATE_QUEUED ? "; it resumes when a worker is available" : ""));
        console.note("hint: rootstock jobs watch " + Names.id(job.getName()));
        return 0;
    }
}
