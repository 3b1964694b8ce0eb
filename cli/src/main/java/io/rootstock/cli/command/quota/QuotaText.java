package io.rootstock.cli.command.quota;

import io.rootstock.cli.display.Format;
import io.rootstock.registry.v1.Quota;
import java.util.Locale;

/** Quotas as text. */
final class QuotaText {
    private QuotaText() {}

    /** Weight and limits, such as "weight 3, at most 4 devices, at most $500 in a month". */
    static String of(Quota quota) {
        return "weight " + weight(quota)
                + (quota.hasDevices() ? ", at most " + Format.counted(quota.getDevices(), "device") : "")
                + (quota.hasDollarsPerMonth()
                        ? ", at most " + Format.dollars(quota.getDollarsPerMonth()) + " in a month"
                        : "");
    }

    static String weight(Quota quota) {
        return quota.hasWeight() ? String.format(Locale.ROOT, "%.4g", quota.getWeight()) : "1";
    }
}
