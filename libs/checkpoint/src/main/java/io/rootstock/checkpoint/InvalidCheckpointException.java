package io.rootstock.checkpoint;

/** A file of a checkpoint is invalid; the message names the file and the reason. */
public class InvalidCheckpointException extends RuntimeException {
    public InvalidCheckpointException(String message) {
        super(message);
    }

    public InvalidCheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
