package io.rootstock.corpus.engine;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** Finds tasks among the providers of the class path. */
final class Tasks {
    private static final List<TaskProvider> PROVIDERS =
            ServiceLoader.load(TaskProvider.class, TaskProvider.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();

    private Tasks() {}

    /**
     * Creates a task.
     *
     * @throws IllegalArgumentException if no provider knows it, or it is of another kind
     */
    static <T extends Task> T create(TaskSpec spec, Class<T> kind) {
        Task task = PROVIDERS.stream()
                .map(provider -> provider.create(spec))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown task " + spec.name() + "; the class path has "
                        + PROVIDERS.size() + " task providers: add the jar of the task to the worker's class path"));
        if (!kind.isInstance(task)) {
            throw new IllegalArgumentException("task " + spec.name() + " is a "
                    + task.getClass().getSimpleName() + ", not a " + kind.getSimpleName());
        }
        return kind.cast(task);
    }
}
