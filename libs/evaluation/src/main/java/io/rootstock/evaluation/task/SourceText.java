package io.rootstock.evaluation.task;

/**
 * A text of a task file with its place.
 *
 * @param text value of the key, after YAML's escapes
 * @param file task file that states it
 * @param line line of the value in that file, from 1
 */
public record SourceText(String text, String file, int line) {
    /** Returns the exception for this text. */
    public TaskException error(String reason, String hint) {
        return new TaskException(file, line, reason, hint);
    }
}
