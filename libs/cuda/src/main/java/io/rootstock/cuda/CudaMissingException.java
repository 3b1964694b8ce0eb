package io.rootstock.cuda;

/** A CUDA library, a function of it or a GPU is missing; the message says what to do. */
public final class CudaMissingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CudaMissingException(String message) {
        super(message);
    }
}
