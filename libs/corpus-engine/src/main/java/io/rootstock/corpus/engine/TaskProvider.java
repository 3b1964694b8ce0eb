package io.rootstock.corpus.engine;

import java.util.Optional;

/**
 * Creates tasks from their descriptions. Workers find providers with {@link java.util.ServiceLoader}: a jar names its
 * provider in {@code META-INF/services/io.rootstock.corpus.engine.TaskProvider}. A provider is thread-safe.
 */
public interface TaskProvider {
    /**
     * Creates a task for one run of it; empty if this provider does not know its name.
     *
     * @throws IllegalArgumentException if the provider has another version of the task, or a parameter is invalid
     */
    Optional<Task> create(TaskSpec spec);
}
