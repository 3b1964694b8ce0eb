package io.rootstock.cli.command.quota;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.DeletionCommand;
import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.command.Subcommands;
import io.rootstock.cli.command.identity.PrincipalArgument;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.registry.v1.DeleteQuotaRequest;
import io.rootstock.registry.v1.DeleteQuotaResponse;
import io.rootstock.registry.v1.ListQuotasRequest;
import io.rootstock.registry.v1.Quota;
import io.rootstock.registry.v1.QuotaUsage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rootstock quotas}: groups its commands. */
@Command(
        name = "quotas",
        mixinStandardHelpOptions = true,
        header = "Shares and limits of users and groups in the queue of jobs",
        description =
                "Groups share the devices by their weights, and the users of a group share its part. Without a quota, a"
                        + " user or group has the weight 1 and no limits. A job belongs to the group of rootstock pretrain --team or"
                        + " rootstock finetune --team, else to its user alone.",
        footer = {
            "",
            "Examples:",
            "  rootstock quotas set research --group --weight 3 --dollars-per-month 500",
            "  rootstock quotas set alice --devices 2",
            "  rootstock quotas list"
        })
@Subcommands({QuotasSetCommand.class, QuotasCommand.ListCommand.class, QuotasCommand.DeleteCommand.class})
public final class QuotasCommand extends GroupCommand {
    /** {@code rootstock quotas delete}. */
    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            header = "Delete the quota of a user or group",
            description = "It has the weight 1 and no limits then; its usage stays.",
            footer = {"", "Example:", "  rootstock quotas delete alice"})
    static final class DeleteCommand extends DeletionCommand {
        @Mixin
        private PrincipalArgument principal;

        @Override
        protected int run(Clients clients, Console console) {
            String name = principal.name();
            return delete(console, name, "delete the quota of " + name + "?", () -> {
                DeleteQuotaResponse _ = clients.quotas()
                        .deleteQuota(DeleteQuotaRequest.newBuilder()
                                .setPrincipal(name)
                                .build());
            });
        }
    }

    /** {@code rootstock quotas list}. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            header = "List quotas, and the usage of users and groups",
            description = "Device-hours of a week ago count half (rootstock.registry.share-half-life).",
            footer = {"", "Example:", "  rootstock quotas list"})
    static final class ListCommand extends ServiceCommand {
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
}
