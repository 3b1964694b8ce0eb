package io.rootstock.trainer.checkpoint;

/** A checkpoint whose bytes are not those that were written. */
public final class CorruptCheckpointException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * @param message which file and what is wrong with it
     */
    public CorruptCheckpointException(String message) {
        super(message);
    }
}
