package io.rootstock.cli.command;

import io.rootstock.cli.BuildVersion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code rootstock}: shows what it can do. */
@Command(
        name = "rootstock",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        header = "Takes a language model through its whole life on the JVM.",
        footer = {
            "",
            "Examples:",
            "  rootstock demo                  a model's whole life in eight minutes",
            "  rootstock up                    start the services on this machine",
            "  rootstock pretrain --help       every command has help with an example",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted."
        },
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            TokenizerCommand.class,
            DatasetCommand.class,
            EstimateCommand.class,
            PretrainCommand.class,
            FinetuneCommand.class,
            JobsCommand.class,
            ModelsCommand.class,
            GenerateCommand.class,
            ChatCommand.class,
            ClassifyCommand.class,
            EmbedCommand.class,
            ScoreCommand.class,
            ServingCommand.class
        })
public final class RootCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** For commands that only group others: shows their help. */
    static int showHelp(CommandSpec group) {
        group.commandLine().usage(group.commandLine().getErr());
        return CommandLine.ExitCode.USAGE;
    }
}
