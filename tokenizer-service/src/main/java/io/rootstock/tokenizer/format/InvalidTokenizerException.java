package io.rootstock.tokenizer.format;

/** Files that hold no tokenizer of the kind written here. */
public final class InvalidTokenizerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what is wrong and in which file
     */
    public InvalidTokenizerException(String message) {
        super(message);
    }

    /**
     * @param message what is wrong and in which file
     * @param cause what the reader said
     */
    public InvalidTokenizerException(String message, Throwable cause) {
        super(message, cause);
    }
}
