package io.rootstock.cli.command.job;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Labels;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobState;
import io.rootstock.registry.v1.PauseJobRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock jobs pause}. */
@Command(
        name = "pause",
        mixinStandardHelpOptions = true,
        header = "Pause a training job after its current step",
        description = "Writes a checkpoint before it stops.",
        footer = {"", "Example:", "  rootstock jobs pause JOB"})
final class JobsPauseCommand extends ServiceCommand {
    @Parameters(paramLabel = "JOB", description = "Job ID or name")
    private String name;

    @Override
    protected int run(Clients clients, Console console) {
        Job job = clients.jobs()
                .pauseJob(PauseJobRequest.newBuilder()
                        .setName(Names.of("jobs", name))
                        .build())
                .getJob();
        console.printJson(job);
        console.print(
                job.getState() == JobState.JOB_STATE_RUNNING
                        ? "paused " + job.getName() + "; it stops after the current step and writes a checkpoint"
                        : job.getName() + " is " + Labels.of(job.getState()));
        return 0;
    }
}
