package io.rootstock.llama;

/** A llama.cpp call failed, or its library does not match this binding. */
public final class LlamaException extends RuntimeException {
    public LlamaException(String message) {
        super(message);
    }

    public LlamaException(String message, Throwable cause) {
        super(message, cause);
    }
}
