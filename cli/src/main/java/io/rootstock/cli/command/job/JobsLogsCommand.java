package io.rootstock.cli.command.job;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.JobWatcher;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.operation.JobLog;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.registry.v1.WatchJobRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock jobs logs}. */
@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        header = "Print the events of a job, one per line",
        description = "Prints state changes, progress, evaluations, messages, samples and results of tasks with their"
                + " times.",
        footer = {"", "Examples:", "  rootstock jobs logs JOB --tail 20", "  rootstock jobs logs JOB --follow"})
final class JobsLogsCommand extends ServiceCommand {
    @Parameters(paramLabel = "JOB", description = "Job ID or name")
    private String job;

    @Option(names = "--tail", paramLabel = "N", description = "Only the last N events [default: all]")
    private Integer tail;

    @Option(
            names = {"-f", "--follow"},
            description = "Print new events until the job stops")
    private boolean follow;

    @Override
    protected int run(Clients clients, Console console) {
        if (tail != null && tail < 0) {
            throw usage("--tail must be at least 0, was " + tail);
        }
        String name = Names.of("jobs", job);
        Deque<JobEvent> last = new ArrayDeque<>();
        long[] sequence = {0};
        clients.jobs()
                .watchJob(WatchJobRequest.newBuilder()
                        .setName(name)
                        .setReplayOnly(true)
                        .build())
                .forEachRemaining(response -> {
                    JobEvent event = response.getEvent();
                    sequence[0] = event.getSequence();
                    if (tail == null) {
                        print(event, console);
                        return;
                    }
                    last.add(event);
                    if (last.size() > tail) {
                        last.remove();
                    }
                });
        last.forEach(event -> print(event, console));
        if (follow) {
            Job _ = new JobWatcher(
                            clients,
                            event -> print(event, console),
                            why -> console.note("connection lost (" + why + "), reconnecting"))
                    .watch(name, sequence[0]);
        }
        return 0;
    }

    private static void print(JobEvent event, Console console) {
        console.printJson(event);
        JobLog.line(event).ifPresent(console::print);
    }
}
