package io.rootstock.corpus.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Failure of a task on an executor, with its stage and unit or bucket. The failures that caused it are copied as plain
 * exceptions with their messages and stacks, because exceptions of libraries need not be serializable.
 */
final class TaskFailedException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int MAX_CAUSES = 8;

    private final String stage;
    private final int position;
    private final String name;

    private TaskFailedException(String stage, int position, String name, String message, Throwable cause) {
        super(message, cause);
        this.stage = stage;
        this.position = position;
        this.name = name;
    }

    /**
     * Describes the failure of a task.
     *
     * @param stage name of the engine's stage
     * @param position index of the unit, or position of the bucket among those that are missing
     * @param name name of the unit or bucket
     */
    static TaskFailedException of(String stage, int position, String name, Throwable failure) {
        Throwable root = failure instanceof UncheckedIOException ? failure.getCause() : failure;
        String message = root.getMessage() == null ? root.toString() : root.getMessage();
        return new TaskFailedException(stage, position, name, message, copy(root, MAX_CAUSES));
    }

    private static Throwable copy(Throwable failure, int most) {
        if (failure == null || most == 0) {
            return null;
        }
        IOException copy = new IOException(failure.toString(), copy(failure.getCause(), most - 1));
        copy.setStackTrace(failure.getStackTrace());
        return copy;
    }

    /** Finds the failure of a task among the causes of Spark's exception. */
    static Optional<TaskFailedException> in(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TaskFailedException found) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    StageFailure failure() {
        return new StageFailure(stage, position, name, this, false);
    }
}
