package io.rootstock.cli.command.webhook;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.DeleteCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.registry.v1.DeleteWebhookRequest;
import io.rootstock.registry.v1.DeleteWebhookResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock webhooks delete}. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        header = "Delete a webhook with its deliveries",
        description = "Pending deliveries are not sent.",
        footer = {"", "Example:", "  rootstock webhooks delete WEBHOOK"})
final class WebhooksDeleteCommand extends DeleteCommand {
    @Parameters(paramLabel = "WEBHOOK", description = "Webhook ID or name")
    private String webhook;

    @Override
    protected int run(Clients clients, Console console) {
        String name = Names.of("webhooks", webhook);
        return delete(console, name, "delete " + name + " with its deliveries?", () -> {
            DeleteWebhookResponse _ = clients.webhooks()
                    .deleteWebhook(
                            DeleteWebhookRequest.newBuilder().setName(name).build());
        });
    }
}
