package io.rootstock.cli.command.job;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.DeleteCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.registry.v1.DeleteJobRequest;
import io.rootstock.registry.v1.DeleteJobResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock jobs delete}. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        header = "Delete a training job that has ended, with its events and checkpoints",
        description = "The version that it registered stays. Cancel a job that has not ended first.",
        footer = {"", "Example:", "  rootstock jobs delete JOB"})
final class JobsDeleteCommand extends DeleteCommand {
    @Parameters(paramLabel = "JOB", description = "Job ID or name")
    private String job;

    @Override
    protected int run(Clients clients, Console console) {
        String name = Names.of("jobs", job);
        return delete(console, name, "delete " + name + " with its events and checkpoints?", () -> {
            DeleteJobResponse _ = clients.jobs()
                    .deleteJob(DeleteJobRequest.newBuilder().setName(name).build());
        });
    }
}
