package io.rootstock.cli.command.job;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Labels;
import io.rootstock.registry.v1.CancelJobRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock jobs cancel}. */
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        header = "Cancel a training job",
        description = "Checkpoints are kept. Has no effect on a job that has ended.",
        footer = {"", "Example:", "  rootstock jobs cancel JOB"})
final class JobsCancelCommand extends ServiceCommand {
    @Parameters(paramLabel = "JOB", description = "Job ID or name")
    private String name;

    @Override
    protected int run(Clients clients, Console console) {
        Job job = clients.jobs()
                .cancelJob(CancelJobRequest.newBuilder()
                        .setName(Names.of("jobs", name))
                        .build())
                .getJob();
        console.printJson(job);
        console.print(
                job.getState() == JobState.JOB_STATE_RUNNING
                        ? "cancelled " + job.getName() + "; it stops after the current step"
                        : job.getName() + " is " + Labels.of(job.getState()));
        return 0;
    }
}
