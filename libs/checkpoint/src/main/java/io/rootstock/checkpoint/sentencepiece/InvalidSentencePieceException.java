package io.rootstock.checkpoint.sentencepiece;

/** A file is not a SentencePiece model, or has a property that is not supported. */
public final class InvalidSentencePieceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidSentencePieceException(String message) {
        super(message);
    }

    public InvalidSentencePieceException(String message, Throwable cause) {
        super(message, cause);
    }
}
