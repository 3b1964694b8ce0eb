package io.rootstock.checkpoint.gguf;

/** A GGUF file that ends within its header. */
final class TruncatedGgufException extends InvalidGgufException {
    private static final long serialVersionUID = 1L;

    TruncatedGgufException(String message) {
        super(message);
    }
}
