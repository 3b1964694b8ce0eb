package io.rootstock.cli.display;

import io.rootstock.registry.v1.JobPriority;
import java.util.Locale;
import java.util.regex.Pattern;

/** Labels of protobuf enum values: JOB_STATE_NEEDS_RECOVERY becomes "needs recovery". */
public final class Labels {
    private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

    private Labels() {}

    /** The priority class; "normal" if it is unspecified. */
    public static String of(JobPriority priority) {
        return of((Enum<?>)
                (priority == JobPriority.JOB_PRIORITY_UNSPECIFIED ? JobPriority.JOB_PRIORITY_NORMAL : priority));
    }

    /** The value without the prefix of its type. */
    public static String of(Enum<?> value) {
        String prefix = HUMP.matcher(value.getDeclaringClass().getSimpleName())
                .replaceAll("_")
                .toUpperCase(Locale.ROOT);
        String name = value.name();
        String bare = name.startsWith(prefix + "_") ? name.substring(prefix.length() + 1) : name;
        return bare.toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
