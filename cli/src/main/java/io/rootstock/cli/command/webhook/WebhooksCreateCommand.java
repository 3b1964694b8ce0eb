package io.rootstock.cli.command.webhook;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.registry.v1.CreateWebhookRequest;
import io.rootstock.registry.v1.CreateWebhookResponse;
import io.rootstock.registry.v1.Webhook;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock webhooks create}. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        header = "Create a webhook and print its secret, which is not shown again",
        description = "Requests follow the Standard Webhooks specification: verify the signature with the secret.",
        footer = {
            "",
            "Examples:",
            "  rootstock webhooks create https://example.com/hook",
            "  rootstock webhooks create https://example.com/hook --event fine_tuning.job.succeeded"
        })
final class WebhooksCreateCommand extends ServiceCommand {
    @Parameters(paramLabel = "URL", description = "https URL of the endpoint")
    private String url;

    @Option(
            names = "--event",
            paramLabel = "TYPE",
            description = "Only events of this type (fine_tuning.job.succeeded, fine_tuning.job.failed,"
                    + " fine_tuning.job.cancelled, job.succeeded, job.failed, job.cancelled, job.needs_recovery,"
                    + " evaluation.succeeded, evaluation.failed, evaluation.cancelled,"
                    + " canary.promoted, canary.rolled_back);"
                    + " repeatable [default: all]")
    private List<String> events = new ArrayList<>();

    @Option(
            names = "--request-id",
            paramLabel = "ID",
            defaultValue = "",
            description = "Idempotency key; a repeated request does not print the secret")
    private String requestId;

    @Override
    protected int run(Clients clients, Console console) {
        CreateWebhookResponse created = clients.webhooks()
                .createWebhook(CreateWebhookRequest.newBuilder()
                        .setWebhook(Webhook.newBuilder().setUrl(url).addAllEventTypes(events))
                        .setRequestId(requestId)
                        .build());
        console.printJson(created);
        console.print("created " + created.getWebhook().getName());
        if (!created.getSecret().isEmpty()) {
            console.print("secret  " + created.getSecret());
        }
        console.note(
                "hint: rootstock webhooks test " + Names.id(created.getWebhook().getName()));
        return 0;
    }
}
