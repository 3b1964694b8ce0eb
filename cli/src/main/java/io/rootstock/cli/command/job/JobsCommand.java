package io.rootstock.cli.command.job;

import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.Subcommands;
import io.rootstock.cli.command.training.JobsExtendCommand;
import picocli.CommandLine.Command;

/** {@code rootstock jobs}: groups its commands. */
@Command(
        name = "jobs",
        mixinStandardHelpOptions = true,
        header = "List, watch and control training jobs",
        footer = {"", "Example:", "  rootstock jobs watch JOB"})
@Subcommands({
    JobsListCommand.class,
    JobsShowCommand.class,
    JobsWatchCommand.class,
    JobsLogsCommand.class,
    JobsMetricsCommand.class,
    JobsCompareCommand.class,
    JobsCancelCommand.class,
    JobsPauseCommand.class,
    JobsResumeCommand.class,
    JobsExtendCommand.class,
    JobsDeleteCommand.class
})
public final class JobsCommand extends GroupCommand {}
