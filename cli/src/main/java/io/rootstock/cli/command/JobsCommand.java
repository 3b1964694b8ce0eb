package io.rootstock.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

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
final class JobsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        return RootCommand.showHelp(spec);
    }
}
