package io.rootstock.cli.command.job;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.client.Training;
import io.rootstock.cli.command.DeletionCommand;
import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.command.Subcommands;
import io.rootstock.cli.command.training.JobsExtendCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.JobComparison;
import io.rootstock.cli.display.Labels;
import io.rootstock.cli.operation.WatchedJob;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.v1.CancelJobRequest;
import io.rootstock.registry.v1.DeleteJobRequest;
import io.rootstock.registry.v1.DeleteJobResponse;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.PauseJobRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock jobs}: groups its commands. */
@Command(
        name = "jobs",
        mixinStandardHelpOptions = true,
        header = "List, watch and control jobs: trainings and evaluations",
        footer = {"", "Example:", "  rootstock jobs watch JOB"})
@Subcommands({
    JobsListCommand.class,
    JobsShowCommand.class,
    JobsCommand.WatchCommand.class,
    JobsLogsCommand.class,
    JobsMetricsCommand.class,
    JobsCommand.CompareCommand.class,
    JobsCommand.CancelCommand.class,
    JobsCommand.PauseCommand.class,
    JobsResumeCommand.class,
    JobsExtendCommand.class,
    JobsCommand.DeleteCommand.class
})
public final class JobsCommand extends GroupCommand {
    /** {@code rootstock jobs cancel}. */
    @Command(
            name = "cancel",
            mixinStandardHelpOptions = true,
            header = "Cancel a job; it can be resumed",
            description = "Checkpoints are kept. Has no effect on a job that has ended.",
            footer = {"", "Example:", "  rootstock jobs cancel JOB"})
    static final class CancelCommand extends ServiceCommand {
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

    /** {@code rootstock jobs compare}. */
    @Command(
            name = "compare",
            mixinStandardHelpOptions = true,
            header = "Compare two training jobs: the settings that differ, and the metrics side by side",
            footer = {"", "Example:", "  rootstock jobs compare JOB1 JOB2"})
    static final class CompareCommand extends ServiceCommand {
        @Parameters(index = "0", paramLabel = "JOB1", description = "Job ID or name")
        private String first;

        @Parameters(index = "1", paramLabel = "JOB2", description = "Job ID or name")
        private String second;

        @Override
        protected int run(Clients clients, Console console) {
            Training training = new Training(clients);
            Job one = training.get(first);
            Job other = training.get(second);
            console.printJson(one);
            console.printJson(other);
            JobComparison comparison = new JobComparison(one, other);
            comparison.settings().print(console);
            console.print("");
            comparison.metrics().print(console);
            return 0;
        }
    }

    /** {@code rootstock jobs delete}. */
    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            header = "Delete a job that has ended, with its events, checkpoints and results",
            description = "The version that a training has registered stays. Cancel a job that has not ended first."
                    + " `rootstock prune` frees the files.",
            footer = {"", "Example:", "  rootstock jobs delete JOB"})
    static final class DeleteCommand extends DeletionCommand {
        @Parameters(paramLabel = "JOB", description = "Job ID or name")
        private String job;

        @Override
        protected int run(Clients clients, Console console) {
            String name = Names.of("jobs", job);
            return delete(console, name, "delete " + name + " with its events, checkpoints and results?", () -> {
                DeleteJobResponse _ = clients.jobs()
                        .deleteJob(DeleteJobRequest.newBuilder().setName(name).build());
            });
        }
    }

    /** {@code rootstock jobs pause}. */
    @Command(
            name = "pause",
            mixinStandardHelpOptions = true,
            header = "Pause a training job after its current step",
            description = "Writes a checkpoint before it stops.",
            footer = {"", "Example:", "  rootstock jobs pause JOB"})
    static final class PauseCommand extends ServiceCommand {
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

    /** {@code rootstock jobs watch}. */
    @Command(
            name = "watch",
            mixinStandardHelpOptions = true,
            header = "Watch a job",
            description =
                    "Replays past events and prints new ones until the job ends, then the results of an evaluation."
                            + " Exits with code 1 if the job did not succeed.",
            footer = {"", "Example:", "  rootstock jobs watch JOB --json > events.jsonl"})
    static final class WatchCommand extends ServiceCommand {
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
}
