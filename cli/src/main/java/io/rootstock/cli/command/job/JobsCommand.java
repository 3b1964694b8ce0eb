package io.rootstock.cli.command.job;

import io.rootstock.cli.command.GroupCommand;
import picocli.CommandLine.Command;

/** {@code rootstock jobs}: groups its commands. */
@Command(
        name = "jobs",
        mixinStandardHelpOptions = true,
        description = "Follows and steers training jobs.",
        footer = {"", "Example:", "  rootstock jobs watch JOB"},
        subcommands = {
            JobsListCommand.class,
            JobsWatchCommand.class,
            JobsCancelCommand.class,
            JobsPauseCommand.class,
            JobsResumeCommand.class
        })
public final class JobsCommand extends GroupCommand {}
