package io.rootstock.cli.command.webhook;

import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.Subcommands;
import picocli.CommandLine.Command;

/** {@code rootstock webhooks}: groups its commands. */
@Command(
        name = "webhooks",
        mixinStandardHelpOptions = true,
        header = "Send events of jobs to HTTP endpoints",
        footer = {"", "Example:", "  rootstock webhooks create https://example.com/hook --event job.failed"})
@Subcommands({
    WebhooksCreateCommand.class,
    WebhooksListCommand.class,
    WebhooksShowCommand.class,
    WebhooksTestCommand.class,
    WebhooksDeliveriesCommand.class,
    WebhooksRotateSecretCommand.class,
    WebhooksDeleteCommand.class
})
public final class WebhooksCommand extends GroupCommand {}
