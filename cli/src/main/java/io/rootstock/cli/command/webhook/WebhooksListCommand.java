package io.rootstock.cli.command.webhook;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ListOptions;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Labels;
import io.rootstock.cli.display.Table;
import io.rootstock.registry.v1.ListWebhooksRequest;
import io.rootstock.registry.v1.ListWebhooksResponse;
import io.rootstock.registry.v1.Webhook;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rootstock webhooks list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        header = "List webhooks, newest first",
        footer = {"", "Example:", "  rootstock webhooks list"})
final class WebhooksListCommand extends ServiceCommand {
    private static final int URL_WIDTH = 60;

    @Mixin
    private ListOptions list;

    @Override
    protected int run(Clients clients, Console console) {
        List<Webhook> webhooks = list.read(
                console,
                (size, token) -> clients.webhooks()
                        .listWebhooks(ListWebhooksRequest.newBuilder()
                                .setPageSize(size)
                                .setPageToken(token)
                                .setFilter(list.filter())
                                .setOrderBy(list.orderBy())
                                .build()),
                ListWebhooksResponse::getWebhooksList,
                ListWebhooksResponse::getNextPageToken);
        Table table = new Table("webhook", "url", "events", "state", "created");
        for (Webhook webhook : webhooks) {
            console.printJson(webhook);
            table.row(
                    Names.id(webhook.getName()),
                    Format.fit(webhook.getUrl(), URL_WIDTH),
                    EventTypes.of(webhook),
                    Labels.of(webhook.getState()),
                    Format.time(webhook.getCreateTime()));
        }
        table.print(console);
        return 0;
    }
}
