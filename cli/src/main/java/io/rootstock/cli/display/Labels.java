package io.rootstock.cli.display;

import io.rootstock.names.EnumNames;
import io.rootstock.registry.v1.JobPriority;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.GgufFile;

/** Labels of protobuf enum values: JOB_STATE_NEEDS_RECOVERY becomes "needs recovery". */
public final class Labels {
    private Labels() {}

    /** The priority class; "normal" if it is unspecified. */
    public static String of(JobPriority priority) {
        return of((Enum<?>)
                (priority == JobPriority.JOB_PRIORITY_UNSPECIFIED ? JobPriority.JOB_PRIORITY_NORMAL : priority));
    }

    /** The file of a version: {@code q8_0}, {@code adapter}, {@code hugging face}. */
    public static String file(ArtifactKind kind) {
        return GgufFile.of(kind).map(GgufFile::label).orElseGet(() -> of(kind).replaceFirst("^gguf ", ""));
    }

    /** The value without the prefix of its type. */
    public static String of(Enum<?> value) {
        return EnumNames.lowerCase(value).replace('_', ' ');
    }
}
