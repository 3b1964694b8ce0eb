package io.rootstock.llama;

/** A call of llama.cpp failed, or its library is not the one this binding was written for. */
public final class LlamaException extends RuntimeException {
    public LlamaException(String message) {
        super(message);
    }

    public LlamaException(String message, Throwable cause) {
        super(message, cause);
    }
}
