package io.rootstock.cuda;

/** A library of CUDA's, a function of it or a GPU is not there; the message says what to do. */
public final class CudaMissingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CudaMissingException(String message) {
        super(message);
    }
}
