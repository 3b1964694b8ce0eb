package io.rootstock.cli.command.webhook;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Details;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Labels;
import io.rootstock.registry.v1.GetWebhookRequest;
import io.rootstock.registry.v1.Webhook;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock webhooks show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        header = "Show the endpoint, event types and state of a webhook",
        footer = {"", "Example:", "  rootstock webhooks show WEBHOOK"})
final class WebhooksShowCommand extends ServiceCommand {
    @Parameters(paramLabel = "WEBHOOK", description = "Webhook ID or name")
    private String name;

    @Override
    protected int run(Clients clients, Console console) {
        Webhook webhook = clients.webhooks()
                .getWebhook(GetWebhookRequest.newBuilder()
                        .setName(Names.of("webhooks", name))
                        .build())
                .getWebhook();
        console.printJson(webhook);
        new Details()
                .add("webhook", webhook.getName())
                .add("url", webhook.getUrl())
                .add("events", EventTypes.of(webhook))
                .add("state", Labels.of(webhook.getState()))
                .add("created", Format.time(webhook.getCreateTime()))
                .print(console);
        return 0;
    }
}
