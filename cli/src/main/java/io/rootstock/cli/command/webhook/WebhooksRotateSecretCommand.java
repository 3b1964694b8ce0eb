package io.rootstock.cli.command.webhook;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.registry.v1.RotateWebhookSecretRequest;
import io.rootstock.registry.v1.RotateWebhookSecretResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock webhooks rotate-secret}. */
@Command(
        name = "rotate-secret",
        mixinStandardHelpOptions = true,
        header = "Replace the secret of a webhook and print the new one, which is not shown again",
        description = "For 24 hours, requests have a signature of the previous secret too.",
        footer = {"", "Example:", "  rootstock webhooks rotate-secret WEBHOOK"})
final class WebhooksRotateSecretCommand extends ServiceCommand {
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
