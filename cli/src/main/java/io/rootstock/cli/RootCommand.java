package io.rootstock.cli;

import io.rootstock.cli.command.CommonOptions;
import io.rootstock.cli.command.MainOptions;
import io.rootstock.cli.command.Subcommands;
import io.rootstock.cli.command.admin.AdminCommand;
import io.rootstock.cli.command.admin.PruneCommand;
import io.rootstock.cli.command.data.DataCommand;
import io.rootstock.cli.command.dataset.DatasetCommand;
import io.rootstock.cli.command.evaluation.EvalCommand;
import io.rootstock.cli.command.gate.GatesCommand;
import io.rootstock.cli.command.identity.AccessTokensCommand;
import io.rootstock.cli.command.identity.AuditCommand;
import io.rootstock.cli.command.identity.UsersCommand;
import io.rootstock.cli.command.identity.WhoamiCommand;
import io.rootstock.cli.command.inference.ChatCommand;
import io.rootstock.cli.command.inference.ClassifyCommand;
import io.rootstock.cli.command.inference.EmbedCommand;
import io.rootstock.cli.command.inference.GenerateCommand;
import io.rootstock.cli.command.inference.PredictCommand;
import io.rootstock.cli.command.inference.ScoreCommand;
import io.rootstock.cli.command.job.JobsCommand;
import io.rootstock.cli.command.model.ModelsCommand;
import io.rootstock.cli.command.quota.QuotasCommand;
import io.rootstock.cli.command.service.DoctorCommand;
import io.rootstock.cli.command.service.DownCommand;
import io.rootstock.cli.command.service.LogsCommand;
import io.rootstock.cli.command.service.StatusCommand;
import io.rootstock.cli.command.service.UpCommand;
import io.rootstock.cli.command.serving.ServingCommand;
import io.rootstock.cli.command.shell.CompletionCommand;
import io.rootstock.cli.command.shell.HelpCommand;
import io.rootstock.cli.command.suite.SuitesCommand;
import io.rootstock.cli.command.tokenizer.TokenizerCommand;
import io.rootstock.cli.command.training.EstimateCommand;
import io.rootstock.cli.command.training.FinetuneCommand;
import io.rootstock.cli.command.training.PretrainCommand;
import io.rootstock.cli.command.webhook.WebhooksCommand;
import io.rootstock.cli.demo.DemoCommand;
import io.rootstock.cli.installation.BuildVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code rootstock}: prints the list of commands. */
@Command(
        name = "rootstock",
        mixinStandardHelpOptions = true,
        preprocessor = GlobalOptions.class,
        versionProvider = BuildVersion.class,
        header = "Train, fine-tune and serve language models on the JVM",
        footer = {
            "",
            "Examples:",
            "  rootstock demo               train and serve a small model in about six minutes",
            "  rootstock up                 start the services on this machine",
            "  rootstock help pretrain      show the options of a command, with an example",
            "",
            "Exit codes: 0 success, 1 failure, 2 usage error, 3 access denied, 130 interrupted"
        })
@Subcommands(
        heading = "Start",
        value = {
            DemoCommand.class,
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            LogsCommand.class,
            DoctorCommand.class
        })
@Subcommands(
        heading = "Data",
        value = {DataCommand.class, TokenizerCommand.class, DatasetCommand.class})
@Subcommands(
        heading = "Train",
        value = {
            EstimateCommand.class,
            PretrainCommand.class,
            FinetuneCommand.class,
            JobsCommand.class,
            ApplyCommand.class
        })
@Subcommands(
        heading = "Models",
        value = {ModelsCommand.class, GatesCommand.class})
@Subcommands(
        heading = "Evaluate",
        value = {SuitesCommand.class, EvalCommand.class})
@Subcommands(
        heading = "Serve",
        value = {
            ChatCommand.class,
            GenerateCommand.class,
            ClassifyCommand.class,
            PredictCommand.class,
            EmbedCommand.class,
            ScoreCommand.class,
            ServingCommand.class
        })
@Subcommands(
        heading = "Operate",
        value = {AdminCommand.class, PruneCommand.class, QuotasCommand.class, WebhooksCommand.class})
@Subcommands(
        heading = "Access",
        value = {WhoamiCommand.class, UsersCommand.class, AccessTokensCommand.class, AuditCommand.class})
@Subcommands(
        heading = "Command line",
        value = {CompletionCommand.class, HelpCommand.class})
@MainOptions({"--home", "--output", "--json", "--verbose"})
final class RootCommand implements Runnable {
    @SuppressWarnings("UnusedVariable") // For the help and completion; GlobalOptions moves them to the command.
    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
