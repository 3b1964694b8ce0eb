package io.rootstock.checkpoint;

/** A GGUF file must not be loaded: llama.cpp would refuse it, end the process, or answer wrongly. */
public final class InvalidGgufException extends InvalidCheckpointException {
    public InvalidGgufException(String reason) {
        super(reason);
    }
}
