package io.rootstock.cli.command.quota;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.registry.v1.ListQuotasRequest;
import io.rootstock.registry.v1.Quota;
import io.rootstock.registry.v1.QuotaUsage;
import picocli.CommandLine.Command;

/** {@code rootstock quotas list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        header = "List quotas, and the usage of users and groups",
        description = "Device-hours of a week ago count half (rootstock.registry.share-half-life).",
        footer = {"", "Example:", "  rootstock quotas list"})
final class QuotasListCommand extends ServiceCommand {
    @Override
    protected int run(Clients clients, Console console) {
        Table table = new Table(
                "name", "weight", "devices", "of at most", "device-hours", "cost in this month", "of at most");
        for (QuotaUsage usage : clients.quotas()
                .listQuotas(ListQuotasRequest.getDefaultInstance())
                .getQuotasList()) {
            console.printJson(usage);
            Quota quota = usage.getQuota();
            table.row(
                    quota.getPrincipal(),
                    QuotaText.weight(quota),
                    Integer.toString(usage.getDevices()),
                    quota.hasDevices() ? Integer.toString(quota.getDevices()) : "-",
                    Format.fixed(usage.getDeviceHours(), 1),
                    Format.dollars(usage.getMonthDollars()),
                    quota.hasDollarsPerMonth() ? Format.dollars(quota.getDollarsPerMonth()) : "-");
        }
        table.print(console);
        return 0;
    }
}
