package io.rootstock.corpus.engine;

import io.rootstock.files.FullDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A task failed. The message names stage, unit, reason and remedy; receipts of finished tasks remain. */
public final class JobFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    private JobFailedException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Describes the failure of a task.
     *
     * @param stage name of the stage
     * @param name name of the unit or bucket
     * @param workspace work directory, for the remedy if its disk is full
     */
    public static JobFailedException of(String stage, String name, Path workspace, Throwable failure) {
        Throwable cause = failure instanceof UncheckedIOException ? failure.getCause() : failure;
        String place = "stage " + stage + ", " + name + ": ";
        if (FullDisk.isCauseOf(cause)) {
            return new JobFailedException(
                    place + "disk full (" + cause.getMessage()
                            + "). Finished units are kept.\nhint: free space on the disk of " + workspace
                            + ", then run the job again; it resumes",
                    cause);
        }
        String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return new JobFailedException(place + reason, cause);
    }
}
