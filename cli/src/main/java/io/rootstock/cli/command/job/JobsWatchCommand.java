package io.rootstock.cli.command.job;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.operation.WatchedJob;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock jobs watch}. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        header = "Watch a training job",
        description = "Replays past events and prints new ones until the job ends. Exits with code 1 if the"
                + " job did not succeed.",
        footer = {"", "Example:", "  rootstock jobs watch JOB --json > events.jsonl"})
final class JobsWatchCommand extends ServiceCommand {
    @Parameters(paramLabel = "JOB", description = "Job ID or name")
    private String job;

    @Option(
            names = "--after-sequence",
            paramLabel = "N",
            defaultValue = "0",
            description = "Sequence number of the last event to skip [default: ${DEFAULT-VALUE}]")
    private long afterSequence;

    @Override
    protected int run(Clients clients, Console console) {
        return WatchedJob.watch(clients, console, Names.of("jobs", job), afterSequence, Names.id(job))
                .exitCode();
    }
}
