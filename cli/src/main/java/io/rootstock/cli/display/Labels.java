package io.rootstock.cli.display;

import io.rootstock.names.EnumNames;
import io.rootstock.registry.v1.JobPriority;

/** Labels of protobuf enum values: JOB_STATE_NEEDS_RECOVERY becomes "needs recovery". */
public final class Labels {
    private Labels() {}

    /** The priority class; "normal" if it is unspecified. */
    public static String of(JobPriority priority) {
        return of((Enum<?>)
                (priority == JobPriority.JOB_PRIORITY_UNSPECIFIED ? JobPriority.JOB_PRIORITY_NORMAL : priority));
    }

    /** The value without the prefix of its type. */
    public static String of(Enum<?> value) {
        return EnumNames.lowerCase(value).replace('_', ' ');
    }
}
