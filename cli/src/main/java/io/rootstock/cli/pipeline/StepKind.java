package io.rootstock.cli.pipeline;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Steps of a pipeline, in the order in which they run. */
public enum StepKind {
    DATASET("dataset", "dataset prepare", true),
    PRETRAIN("pretrain", "pretrain", false),
    FINETUNE("finetune", "finetune", false),
    EVALUATE("evaluate", "eval run", true),
    PROMOTE("promote", "models promote", false);

    private final String key;
    private final String command;
    private final boolean repeatable;

    StepKind(String key, String command, boolean repeatable) {
        this.key = key;
        this.command = command;
        this.repeatable = repeatable;
    }

    /** Key in the file. */
    public String key() {
        return key;
    }

    /** Words of the command. */
    List<String> command() {
        return List.of(command.split(" ", -1));
    }

    /** Whether the key may hold a list of steps. */
    boolean isRepeatable() {
        return repeatable;
    }

    /** Whether it registers a version. */
    public boolean trains() {
        return this == PRETRAIN || this == FINETUNE;
    }

    /** Whether its argument is the version of the run. */
    public boolean takesVersion() {
        return this == EVALUATE || this == PROMOTE;
    }

    /** The kind with this key. */
    static Optional<StepKind> of(String key) {
        return Stream.of(values()).filter(kind -> kind.key.equals(key)).findFirst();
    }
}
