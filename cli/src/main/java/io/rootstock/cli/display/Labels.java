package io.rootstock.cli.display;

import io.rootstock.job.v1.JobKind;
import io.rootstock.job.v1.JobState;
import io.rootstock.names.EnumNames;
import io.rootstock.registry.v1.JobPriority;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.GgufFile;

/** Labels of protobuf enum values: JOB_STATE_NEEDS_RECOVERY becomes "needs recovery". */
public final class Labels {
    private Labels() {}

    /** A job's kind as in the option {@code --kind}: {@code fine-tune}. */
    public static String of(JobKind kind) {
        return EnumNames.lowerCase(kind).replace('_', '-');
    }

    /** A job's state with its message, if it has one: {@code failed: out of memory}. */
    public static String state(JobState state, String message) {
        return of(state) + (message.isEmpty() ? "" : ": " + message);
    }

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
