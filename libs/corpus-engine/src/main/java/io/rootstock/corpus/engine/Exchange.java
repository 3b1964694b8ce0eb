package io.rootstock.corpus.engine;

import io.rootstock.corpus.engine.Task.CollectTask;
import io.rootstock.corpus.engine.Task.EmitTask;
import java.io.Serializable;

/**
 * A task for every unit that emits byte arrays, and a task for every bucket that collects them.
 *
 * @param name name in progress, errors and paths of receipts: lower-case letters, digits and hyphens
 * @param emit an {@link EmitTask}
 * @param collect a {@link CollectTask}
 * @param buckets number of buckets, 1 to 65,536; the memory of a bucket's task shrinks with it
 */
public record Exchange(String name, TaskSpec emit, TaskSpec collect, int buckets) implements Serializable {
    /** Maximum number of buckets. */
    public static final int MAX_BUCKETS = 1 << 16;

    private static final long serialVersionUID = 1L;

    public Exchange {
        Stage.requireName(name);
        if (buckets < 1 || buckets > MAX_BUCKETS) {
            throw new IllegalArgumentException(
                    "exchange " + name + " has " + buckets + " buckets; use 1 to " + MAX_BUCKETS);
        }
    }

    /** Stage of the emitting tasks. */
    public Stage emitStage() {
        return new Stage(name + "-emit", emit);
    }

    /** Stage of the collecting tasks. */
    public Stage collectStage() {
        return new Stage(name, collect);
    }
}
