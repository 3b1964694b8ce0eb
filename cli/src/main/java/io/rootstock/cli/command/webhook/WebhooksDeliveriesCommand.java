package io.rootstock.cli.command.webhook;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ListOptions;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Labels;
import io.rootstock.cli.display.Table;
import io.rootstock.registry.v1.ListWebhookDeliveriesRequest;
import io.rootstock.registry.v1.ListWebhookDeliveriesResponse;
import io.rootstock.registry.v1.WebhookDelivery;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rootstock webhooks deliveries}. */
@Command(
        name = "deliveries",
        mixinStandardHelpOptions = true,
        header = "List the deliveries of a webhook with their last attempts, newest first",
        description = "With --json, all attempts and the bodies of the requests.",
        footer = {"", "Example:", "  rootstock webhooks deliveries WEBHOOK --limit 20"})
final class WebhooksDeliveriesCommand extends ServiceCommand {
    @Parameters(paramLabel = "WEBHOOK", description = "Webhook ID or name")
    private String name;

    @Mixin
    private ListOptions list;

    @Override
    protected int run(Clients clients, Console console) {
        List<WebhookDelivery> deliveries = list.read(
                console,
                (size, token) -> clients.webhooks()
                        .listWebhookDeliveries(ListWebhookDeliveriesRequest.newBuilder()
                                .setWebhook(Names.of("webhooks", name))
                                .setPageSize(size)
                                .setPageToken(token)
                                .setFilter(list.filter())
                                .setOrderBy(list.orderBy())
                                .build()),
                ListWebhookDeliveriesResponse::getDeliveriesList,
                ListWebhookDeliveriesResponse::getNextPageToken);
        Table table = new Table("created", "event", "type", "state", "attempts", "last result", "next attempt");
        for (WebhookDelivery delivery : deliveries) {
            console.printJson(delivery);
            int attempts = delivery.getAttemptsCount();
            table.row(
                    Format.time(delivery.getCreateTime()),
                    delivery.getEvent(),
                    delivery.getEventType(),
                    Labels.of(delivery.getState()),
                    attempts,
                    attempts == 0 ? "-" : AttemptText.of(delivery.getAttempts(attempts - 1)),
                    Format.time(delivery.getNextAttemptTime()));
        }
        table.print(console);
        return 0;
    }
}
