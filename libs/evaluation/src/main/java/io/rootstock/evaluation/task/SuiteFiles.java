package io.rootstock.evaluation.task;

import java.io.IOException;
import java.io.InputStream;

/** Read-only files of a suite: task files and row files by relative path with {@code /}. */
public interface SuiteFiles {
    /** Whether the suite has a regular file of this path. */
    boolean has(String path);

    /**
     * Opens a file.
     *
     * @throws java.nio.file.NoSuchFileException if the suite does not have it
     */
    InputStream open(String path) throws IOException;
}
