package io.rootstock.cli.command.quota;

import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.Subcommands;
import picocli.CommandLine.Command;

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
@Subcommands({QuotasSetCommand.class, QuotasListCommand.class, QuotasDeleteCommand.class})
public final class QuotasCommand extends GroupCommand {}
