package io.rootstock.cli.command.webhook;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.DeletionCommand;
import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.command.Subcommands;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Details;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Labels;
import io.rootstock.registry.v1.DeleteWebhookRequest;
import io.rootstock.registry.v1.DeleteWebhookResponse;
import io.rootstock.registry.v1.GetWebhookRequest;
import io.rootstock.registry.v1.RotateWebhookSecretRequest;
import io.rootstock.registry.v1.RotateWebhookSecretResponse;
import io.rootstock.registry.v1.TestWebhookRequest;
import io.rootstock.registry.v1.Webhook;
import io.rootstock.registry.v1.WebhookDelivery;
import io.rootstock.registry.v1.WebhookDeliveryState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock webhooks}: groups its commands. */
@Command(
        name = "webhooks",
        mixinStandardHelpOptions = true,
        header = "Send events of jobs to HTTP endpoints",
        footer = {"", "Example:", "  rootstock webhooks create https://example.com/hook --event job.failed"})
@Subcommands({
    WebhooksCreateCommand.class,
    WebhooksListCommand.class,
    WebhooksCommand.ShowCommand.class,
    WebhooksCommand.TestCommand.class,
    WebhooksDeliveriesCommand.class,
    WebhooksCommand.RotateSecretCommand.class,
    WebhooksCommand.DeleteCommand.class
})
public final class WebhooksCommand extends GroupCommand {
    /** {@code rootstock webhooks delete}. */
    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            header = "Delete a webhook with its deliveries",
            description = "Pending deliveries are not sent.",
            footer = {"", "Example:", "  rootstock webhooks delete WEBHOOK"})
    static final class DeleteCommand extends DeletionCommand {
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

    /** {@code rootstock webhooks rotate-secret}. */
    @Command(
            name = "rotate-secret",
            mixinStandardHelpOptions = true,
            header = "Replace the secret of a webhook and print the new one, which is not shown again",
            description = "For 24 hours, requests have a signature of the previous secret too.",
            footer = {"", "Example:", "  rootstock webhooks rotate-secret WEBHOOK"})
    static final class RotateSecretCommand extends ServiceCommand {
        @Parameters(paramLabel = "WEBHOOK", description = "Webhook ID or name")
        private String name;

        @Override
        protected int run(Clients clients, Console console) {
            RotateWebhookSecretResponse response = clients.webhooks()
                    .rotateWebhookSecret(RotateWebhookSecretRequest.newBuilder()
                            .setName(Names.of("webhooks", name))
                            .build());
            console.printJson(response);
            console.print("secret  " + response.getSecret());
            return 0;
        }
    }

    /** {@code rootstock webhooks show}. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            header = "Show the endpoint, event types and state of a webhook",
            footer = {"", "Example:", "  rootstock webhooks show WEBHOOK"})
    static final class ShowCommand extends ServiceCommand {
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

    /** {@code rootstock webhooks test}. */
    @Command(
            name = "test",
            mixinStandardHelpOptions = true,
            header = "Send an event of the type webhook.test and print the response",
            description = "The exit code is 1 if the endpoint does not answer with a 2xx status.",
            footer = {"", "Example:", "  rootstock webhooks test WEBHOOK"})
    static final class TestCommand extends ServiceCommand {
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
}
