package io.rootstock.cli.command.evaluation;

import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.Subcommands;
import picocli.CommandLine.Command;

/** {@code rootstock eval}: groups its commands. */
@Command(
        name = "eval",
        mixinStandardHelpOptions = true,
        header = "Evaluate versions on suites, compare them and write reports",
        footer = {
            "",
            "Examples:",
            "  rootstock eval run answers --suite base --against base",
            "  rootstock eval report EVALUATION --to report.html"
        })
@Subcommands({
    EvalRunCommand.class,
    EvalWatchCommand.class,
    EvalListCommand.class,
    EvalShowCommand.class,
    EvalRowsCommand.class,
    EvalCompareCommand.class,
    EvalReportCommand.class,
    EvalCancelCommand.class,
    EvalResumeCommand.class,
    EvalDeleteCommand.class,
    EvalScoreCommand.class
})
public final class EvalCommand extends GroupCommand {}
