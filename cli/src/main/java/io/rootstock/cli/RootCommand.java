package io.rootstock.cli;

import io.rootstock.cli.command.dataset.DatasetCommand;
import io.rootstock.cli.command.inference.ChatCommand;
import io.rootstock.cli.command.inference.ClassifyCommand;
import io.rootstock.cli.command.inference.EmbedCommand;
import io.rootstock.cli.command.inference.GenerateCommand;
import io.rootstock.cli.command.inference.ScoreCommand;
import io.rootstock.cli.command.job.JobsCommand;
import io.rootstock.cli.command.model.ModelsCommand;
import io.rootstock.cli.command.service.DownCommand;
import io.rootstock.cli.command.service.StatusCommand;
import io.rootstock.cli.command.service.UpCommand;
import io.rootstock.cli.command.serving.ServingCommand;
import io.rootstock.cli.command.tokenizer.TokenizerCommand;
import io.rootstock.cli.command.training.EstimateCommand;
import io.rootstock.cli.command.training.FinetuneCommand;
import io.rootstock.cli.command.training.PretrainCommand;
import io.rootstock.cli.demo.DemoCommand;
import io.rootstock.cli.installation.BuildVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine;

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
final class RootCommand implements Runnable {
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
