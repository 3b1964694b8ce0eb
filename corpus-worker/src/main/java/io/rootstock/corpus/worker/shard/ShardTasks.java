package io.rootstock.corpus.worker.shard;

import io.rootstock.corpus.engine.Task;
import io.rootstock.corpus.engine.TaskProvider;
import io.rootstock.corpus.engine.TaskSpec;
import java.util.Optional;

/** Creates the task of splits and shards. */
public final class ShardTasks implements TaskProvider {
    @Override
    public Optional<Task> create(TaskSpec spec) {
        if (!spec.name().equals(ShardTask.NAME)) {
            return Optional.empty();
        }
        if (spec.version() != ShardTask.VERSION) {
            throw new IllegalArgumentException("task " + spec.name() + " has version " + ShardTask.VERSION
                    + " here, and the job states " + spec.version() + "; use one version of the jar on all workers");
        }
        return Optional.of(new ShardTask(spec));
    }
}
