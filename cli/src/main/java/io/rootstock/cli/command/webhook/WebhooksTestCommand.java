package io.rootstock.cli.command.webhook;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.registry.v1.TestWebhookRequest;
import io.rootstock.registry.v1.WebhookDelivery;
import io.rootstock.registry.v1.WebhookDeliveryState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock webhooks test}. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        header = "Send an event of the type webhook.test and print the response",
        description = "The exit code is 1 if the endpoint does not answer with a 2xx status.",
        footer = {"", "Example:", "  rootstock webhooks test WEBHOOK"})
final class WebhooksTestCommand extends ServiceCommand {
    @Parameters(paramLabel = "WEBHOOK", description = "Webhook ID or name")
    private String name;

    @Override
    protected int run(Clients clients, Console console) {
        WebhookDelivery delivery = clients.webhooks()
                .testWebhook(TestWebhookRequest.newBuilder()
                        .setName(Names.of("webhooks", name))
                        .build())
                .getDelivery();
        console.printJson(delivery);
        console.print(delivery.getEvent() + ": " + AttemptText.of(delivery.getAttempts(0)));
        return delivery.getState() == WebhookDeliveryState.WEBHOOK_DELIVERY_STATE_SUCCEEDED ? 0 : 1;
    }
}
