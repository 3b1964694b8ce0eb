package io.rootstock.evaluation.task;

import java.util.Map;
import java.util.Optional;

/**
 * Dataset of a task.
 *
 * @param path {@code dataset_path}: {@code json}, {@code csv}, {@code text}, or a name that the suite maps to local files
 * @param name {@code dataset_name}
 * @param splits row files by split, given by the task file or the suite
 */
public record DatasetReference(String path, Optional<String> name, Map<String, DataFile> splits) {
    public DatasetReference {
        splits = Map.copyOf(splits);
    }
}
