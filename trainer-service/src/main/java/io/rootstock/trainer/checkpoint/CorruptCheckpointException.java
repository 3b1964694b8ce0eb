package io.rootstock.trainer.checkpoint;

/** Thrown when a checkpoint's files do not match their digests or its format version is unknown. */
public final class CorruptCheckpointException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * @param message the file and the error
     */
    public CorruptCheckpointException(String message) {
        super(message);
    }
}
