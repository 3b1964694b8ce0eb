package io.rootstock.cli.command.job;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Labels;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobState;
import io.rootstock.registry.v1.ResumeJobRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock jobs resume}. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        description = "Resumes a paused, failed or cancelled job from its last checkpoint.",
        footer = {"", "Examples:", "  rootstock jobs resume JOB", "  rootstock jobs resume JOB --ranks 2"})
final class JobsResumeCommand extends ServiceCommand {
    @Parameters(paramLabel = "JOB", description = "The job.")
    private String name;

    @Option(
            names = "--ranks",
            paramLabel = "N",
            description = "Processes that go on with it. Default: as many as before.")
    private int ranks;

    @Override
    protected int run(Clients clients, Console console) {
        Job job = clients.jobs()
                .resumeJob(ResumeJobRequest.newBuilder()
                        .setName(Names.of("jobs", name))
                        .setRanks(ranks)
                        .build())
                .getJob();
        console.printJson(job);
        console.print(job.getName() + " is " + Labels.of(job.getState())
                + (job.getState() == JobState.JOB_STATE_QUEUED ? " and goes on when a worker is free" : ""));
        return 0;
    }
}
