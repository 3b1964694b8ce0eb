package io.rootstock.cli.command.quota;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.command.identity.PrincipalArgument;
import io.rootstock.cli.display.Console;
import io.rootstock.registry.v1.Quota;
import io.rootstock.registry.v1.SetQuotaRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rootstock quotas set}. */
@Command(
        name = "set",
        mixinStandardHelpOptions = true,
        header = "Create or replace the quota of a user or group",
        footer = {
            "",
            "Examples:",
            "  rootstock quotas set research --group --weight 3 --dollars-per-month 500",
            "  rootstock quotas set alice --devices 2"
        })
final class QuotasSetCommand extends ServiceCommand {
    @Mixin
    private PrincipalArgument principal;

    @Option(
            names = "--weight",
            paramLabel = "WEIGHT",
            description =
                    "Weight of the fair share relative to other groups, or to other users of a group [default: 1]")
    private Double weight;

    @Option(
            names = "--devices",
            paramLabel = "N",
            description = "Maximum number of devices that its jobs hold at a time [default: no limit]")
    private Integer devices;

    @Option(
            names = "--dollars-per-month",
            paramLabel = "DOLLARS",
            description =
                    "Maximum cost of its jobs in a calendar month; they are paused before they exceed it [default: no"
                            + " limit]")
    private Double dollarsPerMonth;

    @Override
    protected int run(Clients clients, Console console) {
        Quota.Builder quota = Quota.newBuilder().setPrincipal(principal.name());
        if (weight != null) {
            quota.setWeight(weight);
        }
        if (devices != null) {
            quota.setDevices(devices);
        }
        if (dollarsPerMonth != null) {
            quota.setDollarsPerMonth(dollarsPerMonth);
        }
        Quota set = clients.quotas()
                .setQuota(SetQuotaRequest.newBuilder().setQuota(quota).build())
                .getQuota();
        console.printJson(set);
        console.print(set.getPrincipal() + " has " + QuotaText.of(set));
        return 0;
    }
}
