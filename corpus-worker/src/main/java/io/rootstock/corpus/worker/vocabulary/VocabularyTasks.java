package io.rootstock.corpus.worker.vocabulary;

import io.rootstock.corpus.engine.Task;
import io.rootstock.corpus.engine.TaskProvider;
import io.rootstock.corpus.engine.TaskSpec;
import java.util.Optional;

/** Creates the tasks that count words. */
public final class VocabularyTasks implements TaskProvider {
    static final String EMIT = "corpus.words.emit";
    static final String COLLECT = "corpus.words.collect";

    /** Version of the code; changes whenever some count changes. */
    static final int VERSION = 1;

    @Override
    public Optional<Task> create(TaskSpec spec) {
        Task task = switch (spec.name()) {
            case EMIT -> new WordsEmit(spec);
            case COLLECT -> new WordsCollect();
            default -> null;
        };
        if (task != null && spec.version() != VERSION) {
            throw new IllegalArgumentException("task " + spec.name() + " has version " + VERSION
                    + " here, and the job states " + spec.version() + "; use one version of the jar on all workers");
        }
        return Optional.ofNullable(task);
    }
}
