package io.rootstock.cli.command.job;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.JobComparison;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.Job;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock jobs compare}. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        header = "Compare two training jobs: the settings that differ, and the metrics side by side",
        footer = {"", "Example:", "  rootstock jobs compare JOB1 JOB2"})
final class JobsCompareCommand extends ServiceCommand {
    @Parameters(index = "0", paramLabel = "JOB1", description = "Job ID or name")
    private String first;

    @Parameters(index = "1", paramLabel = "JOB2", description = "Job ID or name")
    private String second;

    @Override
    protected int run(Clients clients, Console console) {
        Job one = job(clients, first);
        Job other = job(clients, second);
        console.printJson(one);
        console.printJson(other);
        JobComparison comparison = new JobComparison(one, other);
        comparison.settings().print(console);
        console.print("");
        comparison.metrics().print(console);
        return 0;
    }

    private static Job job(Clients clients, String name) {
        return clients.jobs()
                .getJob(GetJobRequest.newBuilder()
                        .setName(Names.of("jobs", name))
                        .build())
                .getJob();
    }
}
